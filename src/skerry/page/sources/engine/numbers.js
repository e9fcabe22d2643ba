// Numbers as the tables write them, the same text to the last digit.

const MISSING_TEXT = "n/a";

// Millimetres: three decimals; halves go to the even digit.
export function millimetres(number) {
  return Number.isNaN(number) ? MISSING_TEXT : fixed(number, 3);
}

export function fixed(number, decimals) {
  if (!Number.isFinite(number)) return infinite(number);
  const text = evenly(number.toFixed(decimals), Math.abs(number).toFixed(decimals + 40), decimals);
  return Number(text) === 0 ? (0).toFixed(decimals) : text;
}

// toFixed and toPrecision take the larger of two numbers that are equally near.
function evenly(rounded, exact, decimals) {
  const dot = exact.indexOf(".");
  if (!/^50*$/.test(exact.slice(dot + 1 + decimals))) return rounded;
  const kept = exact.slice(0, decimals ? dot + 1 + decimals : dot);
  const isEven = "02468".includes(kept[kept.length - 1]);
  return isEven ? (rounded.startsWith("-") ? "-" : "") + kept : rounded;
}

// Other numbers: eight significant digits, without zeros at the end.
export function significant(number) {
  if (Number.isNaN(number)) return MISSING_TEXT;
  if (!Number.isFinite(number)) return infinite(number);
  if (number === 0) return "0";
  const [digits, exponentText] = eightDigits(Math.abs(number));
  const exponent = Number(exponentText);
  const sign = number < 0 ? "-" : "";
  if (exponent < -4 || exponent >= 8) {
    const plain = withoutZeros(`${digits[0]}.${digits.slice(1)}`);
    const size = String(Math.abs(exponent)).padStart(2, "0");
    return `${sign}${plain}e${exponent < 0 ? "-" : "+"}${size}`;
  }
  const padded = exponent < 0 ? "0".repeat(-exponent) + digits : digits;
  const whole = Math.max(exponent, 0) + 1;
  return sign + withoutZeros(`${padded.slice(0, whole)}.${padded.slice(whole)}`);
}

// A decimal without zeros at its end, and without a point that nothing follows.
function withoutZeros(decimal) {
  return decimal.replace(/\.?0*$/, "");
}

function eightDigits(number) {
  const [mantissa, exponent] = number.toExponential(7).split("e");
  const exact = number.toExponential(60).split("e");
  // Halfway, and the digit before is even: down, not up.
  if (/^50*$/.test(exact[0].slice(9)) && "02468".includes(exact[0][8])) {
    return [exact[0].slice(0, 9).replace(".", ""), exact[1]];
  }
  return [mantissa.replace(".", ""), exponent];
}

function infinite(number) {
  return number > 0 ? "inf" : "-inf";
}
