import type { CommodityCode } from '#kernel';

/** The currency that books are kept in (Law on Accounting 88/2015/QH13, Art. 10): all else is valued in it. */
export const BASE_CURRENCY: CommodityCode = 'VND';
