// Keys that work everywhere.
document.addEventListener("keydown", event => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    const field = document.querySelector(".global-search input");
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.select();
  }
});

/** Saves text as a file; the circuit sends it in one piece. */
window.easyisp.download = (name, type, text) => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
};
