// Writes NAME.br and NAME.gz beside each text of dist/.
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

function* files(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* files(path);
    else yield path;
  }
}

for (const path of files('dist')) {
  if (!/\.(js|css|svg|json)$/.test(path) || path.endsWith('manifest.json')) continue;
  const plain = readFileSync(path);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length };
  for (const [form, packed] of [['.br', brotliCompressSync(plain, { params })], ['.gz', gzipSync(plain, { level: 9 })]]) {
    if (packed.length < plain.length) writeFileSync(path + form, packed);
  }
}
