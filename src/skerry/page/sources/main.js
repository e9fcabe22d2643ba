document.getElementById("opening").hidden = true;
