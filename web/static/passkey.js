// Signing in by passkey, on the pages that offer it. Without a script, or in a
// browser without passkeys, the button stays hidden.
(function () {
  var box = document.querySelector('[data-passkey]');
  if (!box || !window.PublicKeyCredential || !PublicKeyCredential.parseRequestOptionsFromJSON) return;
  var button = box.querySelector('button');
  var problem = box.querySelector('[role=alert]');
  var second = !!box.closest('[data-second]');
  box.hidden = false;

  function send(path, body) {
    return fetch(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    }).then(function (answer) {
      return answer.json().then(function (value) {
        if (!answer.ok) throw new Error(value.error || '');
        return value;
      });
    });
  }

  button.addEventListener('click', function () {
    button.disabled = true;
    problem.hidden = true;
    send('/auth/passkey/options', { second: second })
      .then(function (asked) {
        var options = PublicKeyCredential.parseRequestOptionsFromJSON(asked.options.publicKey);
        return navigator.credentials.get({ publicKey: options }).then(function (credential) {
          return send('/auth/passkey', {
            secret: asked.secret,
            answer: JSON.stringify(credential.toJSON()),
            return_to: box.dataset.back,
          });
        });
      })
      .then(function (done) {
        location.assign(done.next);
      })
      .catch(function () {
        button.disabled = false;
        problem.textContent = box.dataset.failed;
        problem.hidden = false;
      });
  });
})();
