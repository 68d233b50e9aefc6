import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const loseGoodsEndpoint = commandEndpoint(
  handlers.loseGoods,
  '/v1/goods-losses',
  'funds',
  'Hàng hư hỏng, mất mát / Goods lost or spoiled',
);
