// Forms that a passkey answers: asks the server for options, has the device answer them, and sends the form with the answer.
const words = {
  NotAllowedError: "Nothing was chosen, or it took too long. Try again.",
  InvalidStateError: "This device has a passkey of yours already.",
  SecurityError: "Passkeys work only where the console has a name of its own and https.",
};
const text = buffer => buffer && btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

// Written out, since not every password manager's answer has a toJSON that works.
const answerOf = credential => JSON.stringify({
  id: credential.id,
  rawId: text(credential.rawId),
  type: credential.type,
  authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
  clientExtensionResults: credential.getClientExtensionResults?.() ?? {},
  response: {
    clientDataJSON: text(credential.response.clientDataJSON),
    attestationObject: text(credential.response.attestationObject) ?? undefined,
    transports: credential.response.getTransports?.(),
    authenticatorData: text(credential.response.authenticatorData ?? credential.response.getAuthenticatorData?.()) ?? undefined,
    signature: text(credential.response.signature) ?? undefined,
    userHandle: text(credential.response.userHandle) ?? undefined,
  },
});

async function ask(form) {
  const answer = await fetch(form.dataset.options, { method: "POST", body: new FormData(form) });
  if (answer.status === 422) throw new Error(await answer.text());
  if (!answer.ok) throw new Error("The page is too old. Load it again.");
  const options = await answer.json();
  return form.dataset.passkey === "create"
    ? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
    : navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
}

document.addEventListener("submit", async event => {
  const form = event.target.closest("form[data-passkey]");
  if (!form) return;
  event.preventDefault();
  const fault = form.querySelector(".fault");
  fault.hidden = true;
  try {
    if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) throw new DOMException("", "SecurityError");
    form.elements.credential.value = answerOf(await ask(form));
    if (form.elements.password) form.elements.password.disabled = true;
    form.submit();
  } catch (error) {
    fault.textContent = words[error.name] ?? (error.message || "It did not work. Try again.");
    fault.hidden = false;
  }
});
