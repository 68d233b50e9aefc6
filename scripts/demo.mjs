// `npm run demo`: the Bắc Kạn 2023 figures in ./data-demo, served. Running it again imports nothing twice.
import { join } from 'node:path';
import { lalanh } from './lalanh.mjs';
import { prepare } from './prepare.mjs';
import { root, say, stop } from './say.mjs';

await prepare();
const env = { LALANH_DATA: join(root, 'data-demo') };
say('Nạp số liệu Bắc Kạn 2023 vào ./data-demo', 'Loading the Bắc Kạn 2023 figures into ./data-demo');
const code = await lalanh(['import', join(root, 'demo', 'bac-kan-2023')], env);
if (code !== 0) {
  stop(
    'Chưa nạp được số liệu (xem ở trên). Nếu có máy chủ khác đang giữ ./data-demo, hãy dừng nó trước.',
    'The figures were not loaded (see above). If another server holds ./data-demo, stop it first.',
    code,
  );
}
process.exitCode = await lalanh(['serve', ...process.argv.slice(2)], env);
