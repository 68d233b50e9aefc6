import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const buyGoodsEndpoint = commandEndpoint(
  handlers.buyGoods,
  '/v1/goods-purchases',
  'funds',
  'Mua hàng từ các nguồn phù hợp / Buy goods',
);
