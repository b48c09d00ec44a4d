// A form with data-passkey="create" or "get": its button asks the browser for a passkey with the options of
// data-passkey-options, puts the answer into the field "credential" and sends the form.
// What cannot be done is said by the form's elements data-passkey-unable and data-passkey-failed.

function toBytes(text) {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

function toText(buffer) {
  const binary = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

const withBytes = (credential) => ({ ...credential, id: toBytes(credential.id) });

function optionsOf(form) {
  const { publicKey } = JSON.parse(form.dataset.passkeyOptions);
  const options = { ...publicKey, challenge: toBytes(publicKey.challenge) };
  if (publicKey.user) options.user = withBytes(publicKey.user);
  for (const name of ["excludeCredentials", "allowCredentials"]) {
    if (publicKey[name]) options[name] = publicKey[name].map(withBytes);
  }
  return { publicKey: options };
}

function answerOf(credential) {
  const response = { clientDataJSON: toText(credential.response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = toText(credential.response[name]);
  }
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return {
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  };
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const button = form.querySelector("[data-passkey-go]");
  const failed = form.querySelector("[data-passkey-failed]");
  if (!window.isSecureContext || !window.PublicKeyCredential) {
    form.querySelector("[data-passkey-unable]").hidden = false;
    button.disabled = true;
    continue;
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    failed.hidden = true;
    button.disabled = true;
    try {
      const credential = await navigator.credentials[form.dataset.passkey](optionsOf(form));
      form.elements.credential.value = JSON.stringify(answerOf(credential));
      form.submit();
    } catch {
      failed.hidden = false;
      button.disabled = false;
    }
  });
}
