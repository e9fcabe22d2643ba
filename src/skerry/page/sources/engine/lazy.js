// What is made when it is first asked for.

export function lazily(make) {
  let made;
  let isMade = false;
  return () => {
    if (!isMade) {
      made = make();
      isMade = true;
    }
    return made;
  };
}

export function addLazily(object, name, make) {
  Object.defineProperty(object, name, {get: lazily(make), enumerable: true});
}
