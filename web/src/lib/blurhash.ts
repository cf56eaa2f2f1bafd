const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~';

function number(text: string): number {
  let n = 0;
  for (const digit of text) n = n * 83 + digits.indexOf(digit);
  return n;
}

const linear = (v: number) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
const srgb = (v: number) => {
  const x = Math.min(1, Math.max(0, v));
  return Math.round((x <= 0.0031308 ? x * 12.92 : 1.055 * x ** (1 / 2.4) - 0.055) * 255);
};
const squared = (v: number) => Math.sign(v) * v * v;

/**
 * The colours of a picture by its BlurHash (https://blurha.sh): RGBA, row by
 * row. Nothing if the hash is none.
 */
export function blurhash(hash: string, width: number, height: number): Uint8ClampedArray<ArrayBuffer> | undefined {
  const size = number(hash.slice(0, 1));
  const [across, down] = [(size % 9) + 1, Math.floor(size / 9) + 1];
  if (hash.length !== 4 + 2 * across * down || [...hash].some((c) => !digits.includes(c))) return undefined;
  const most = (number(hash.slice(1, 2)) + 1) / 166;
  const average = number(hash.slice(2, 6));
  const waves = [[linear(average >> 16), linear((average >> 8) & 255), linear(average & 255)]];
  for (let at = 6; at < hash.length; at += 2) {
    const v = number(hash.slice(at, at + 2));
    waves.push([Math.floor(v / 361), Math.floor(v / 19) % 19, v % 19].map((c) => squared((c - 9) / 9) * most));
  }
  const out = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const sum = [0, 0, 0];
      waves.forEach((wave, n) => {
        const share = Math.cos((Math.PI * x * (n % across)) / width) * Math.cos((Math.PI * y * Math.floor(n / across)) / height);
        for (const c of [0, 1, 2]) sum[c]! += wave[c]! * share;
      });
      out.set([srgb(sum[0]!), srgb(sum[1]!), srgb(sum[2]!), 255], (y * width + x) * 4);
    }
  return out;
}
