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
  function offer(box, run) {
    var button = box.querySelector('button');
    var problem = box.querySelector('[role=alert]');
    box.hidden = false;
    button.addEventListener('click', function () {
      button.disabled = true;
      problem.hidden = true;
      run().then(
        function (went) {
          button.disabled = went !== false;
        },
        function () {
          button.disabled = false;
          problem.textContent = box.dataset.failed;
          problem.hidden = false;
        },
      );
    });
  }

  var box = document.querySelector('[data-passkey]');
  if (box) {
    offer(box, function () {
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

  // A form that brings a passkey needs no password.
  var made = document.querySelector('[data-new-passkey]');
  if (made) {
    var form = made.closest('form');
    var field = form.elements;
    offer(made, function () {
      if (field.password) field.password.required = false;
      var good = form.reportValidity();
      if (field.password) field.password.required = true;
      if (!good) return Promise.resolve(false);
      var body = {};
      if (field.username) body.username = field.username.value;
      if (field.invite_code) body.invite_code = field.invite_code.value;
      return send(form.getAttribute('action') + '/passkey', body).then(function (asked) {
        var options = PublicKeyCredential.parseCreationOptionsFromJSON(asked.options.publicKey);
        return navigator.credentials.create({ publicKey: options }).then(function (credential) {
          field.secret.value = asked.secret;
          field.answer.value = JSON.stringify(credential.toJSON());
          Promise.resolve(form.worked).then(function () {
            form.submit();
          });
        });
      });
    });
  }
})();
