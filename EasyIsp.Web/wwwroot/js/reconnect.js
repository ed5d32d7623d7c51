// Follows Blazor's connection states. The page under the dialog stays as it is, with all that was typed into it.
const dialog = document.getElementById("components-reconnect-modal");

dialog.addEventListener("components-reconnect-state-changed", ({ detail: { state } }) => {
  if (state === "show") dialog.showModal();
  else if (state === "hide") dialog.close();
  else if (state === "failed") document.addEventListener("visibilitychange", whenSeen);
  else if (state === "rejected") location.reload();
});
document.getElementById("reconnect-again").addEventListener("click", join);
document.getElementById("reconnect-resume").addEventListener("click", resume);
document.getElementById("reconnect-reload").addEventListener("click", () => location.reload());

async function join() {
  document.removeEventListener("visibilitychange", whenSeen);
  try {
    // false: the server answers but no longer knows the circuit; it may have kept its state.
    if (await Blazor.reconnect()) return;
    if (await Blazor.resumeCircuit()) dialog.close();
    else location.reload();
  } catch {
    document.addEventListener("visibilitychange", whenSeen);
  }
}

async function resume() {
  try {
    if (!(await Blazor.resumeCircuit())) location.reload();
  } catch {
    dialog.classList.replace("components-reconnect-paused", "components-reconnect-resume-failed");
  }
}

async function whenSeen() {
  if (document.visibilityState === "visible") await join();
}
