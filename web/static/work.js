// The proof of work before joining: finds a number that, after the challenge
// and a colon, makes a SHA-256 which begins with so many zero bits. The page
// starts it in a worker, so that typing goes on meanwhile.
(function () {
  var K = [];
  var H = [];
  // The constants are the fractions of the roots of primes (FIPS 180-4, 4.2.2).
  function fraction(x) {
    return ((x - Math.floor(x)) * 4294967296) | 0;
  }
  for (var n = 2; K.length < 64; n++) {
    var prime = true;
    for (var d = 2; d * d <= n; d++) if (n % d === 0) prime = false;
    if (!prime) continue;
    if (H.length < 8) H.push(fraction(Math.sqrt(n)));
    K.push(fraction(Math.cbrt(n)));
  }
  var w = new Int32Array(64);

  // Takes one block of 64 bytes into the state.
  function block(state, bytes, at) {
    var i, s0, s1, t1, t2;
    for (i = 0; i < 16; i++) {
      var b = at + i * 4;
      w[i] = (bytes[b] << 24) | (bytes[b + 1] << 16) | (bytes[b + 2] << 8) | bytes[b + 3];
    }
    for (; i < 64; i++) {
      s0 = w[i - 15];
      s1 = w[i - 2];
      s0 = ((s0 >>> 7) | (s0 << 25)) ^ ((s0 >>> 18) | (s0 << 14)) ^ (s0 >>> 3);
      s1 = ((s1 >>> 17) | (s1 << 15)) ^ ((s1 >>> 19) | (s1 << 13)) ^ (s1 >>> 10);
      w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
    }
    var a = state[0], bb = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
    for (i = 0; i < 64; i++) {
      s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
      s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      t2 = (s0 + ((a & bb) ^ (a & c) ^ (bb & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + t1) | 0;
      d = c;
      c = bb;
      bb = a;
      a = (t1 + t2) | 0;
    }
    state[0] += a;
    state[1] += bb;
    state[2] += c;
    state[3] += d;
    state[4] += e;
    state[5] += f;
    state[6] += g;
    state[7] += h;
  }

  function find(challenge, bits) {
    var prefix = challenge + ':';
    var whole = prefix.length - (prefix.length % 64);
    var bytes = new Uint8Array(256);
    for (var i = 0; i < prefix.length; i++) bytes[i] = prefix.charCodeAt(i);
    // What stays the same is worked through once.
    var begin = Int32Array.from(H);
    for (i = 0; i < whole; i += 64) block(begin, bytes, i);
    var state = new Int32Array(8);
    for (var number = 0; ; number++) {
      var digits = String(number);
      var end = prefix.length + digits.length;
      for (i = 0; i < digits.length; i++) bytes[prefix.length + i] = digits.charCodeAt(i);
      bytes[end] = 0x80;
      var total = Math.ceil((end + 9) / 64) * 64;
      bytes.fill(0, end + 1, total);
      bytes[total - 3] = (end >>> 13) & 255;
      bytes[total - 2] = (end >>> 5) & 255;
      bytes[total - 1] = (end << 3) & 255;
      state.set(begin);
      for (i = whole; i < total; i += 64) block(state, bytes, i);
      if (Math.clz32(state[0]) >= bits) return prefix + digits;
    }
  }

  if (typeof document === 'undefined') {
    self.onmessage = function (e) {
      self.postMessage(find(e.data.challenge, e.data.bits));
    };
    return;
  }

  var field = document.querySelector('[data-challenge]');
  var status = document.querySelector('[data-working]');
  if (!field) return;
  var form = field.closest('form');
  form.worked = new Promise(function (done) {
    var worker = new Worker(document.currentScript.src);
    worker.onmessage = function (e) {
      field.value = e.data;
      worker.terminate();
      done();
    };
    worker.postMessage({ challenge: field.dataset.challenge, bits: Number(field.dataset.bits) });
  });
  form.addEventListener('submit', function (e) {
    if (field.value) return;
    e.preventDefault();
    status.textContent = status.dataset.working;
    form.worked.then(function () {
      form.submit();
    });
  });
})();
