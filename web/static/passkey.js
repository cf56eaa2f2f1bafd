// Signing in by passkey, and making one, on the pages that offer it. Without a
// script, or in a browser without passkeys, the buttons stay hidden.
(function () {
  if (!window.PublicKeyCredential || !PublicKeyCredential.parseRequestOptionsFromJSON) return;

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

  // Shows the button in box and tells where what it does fails.
  function offer(box, event, run) {
    var button = box.querySelector('button');
    var problem = box.querySelector('[role=alert]');
    box.hidden = false;
    box.addEventListener(event, function (e) {
      e.preventDefault();
      button.disabled = true;
      problem.hidden = true;
      run().catch(function () {
        button.disabled = false;
        problem.textContent = box.dataset.failed;
        problem.hidden = false;
      });
    });
  }

  var box = document.querySelector('[data-passkey]');
  if (box) {
    offer(box, 'click', function () {
      return send('/auth/passkey/options', { second: !!box.closest('[data-second]') })
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
        });
    });
  }

  var form = document.querySelector('form[data-new-passkey]');
  if (form) {
    offer(form, 'submit', function () {
      return send(form.getAttribute('action') + '/passkey', {}).then(function (asked) {
        var options = PublicKeyCredential.parseCreationOptionsFromJSON(asked.options.publicKey);
        return navigator.credentials.create({ publicKey: options }).then(function (credential) {
          form.elements.secret.value = asked.secret;
          form.elements.answer.value = JSON.stringify(credential.toJSON());
          form.submit();
        });
      });
    });
  }
})();
