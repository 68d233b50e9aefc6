import { type Result, ok, refuse } from '#kernel';

/** Where the fund takes gifts: public, it is in its calls for them. */
export interface BankDetails {
  /** The bank's number by NAPAS, six digits. */
  readonly bin: string;
  /** The account's number as the bank writes it, without spaces. */
  readonly number: string;
}

/** Banks that VietQR pays into, by their number. Wrong ones circulate, so that no other is taken. */
export const BANKS: Readonly<Record<string, string>> = {
  '970400': 'SaigonBank',
  '970403': 'Sacombank',
  '970405': 'Agribank',
  '970406': 'Vikki Bank',
  '970407': 'Techcombank',
  '970409': 'Bac A Bank',
  '970412': 'PVcomBank',
  '970414': 'MBV',
  '970415': 'VietinBank',
  '970416': 'ACB',
  '970418': 'BIDV',
  '970419': 'NCB',
  '970422': 'MB',
  '970423': 'TPBank',
  '970424': 'Shinhan Bank',
  '970425': 'ABBank',
  '970426': 'MSB',
  '970427': 'VietABank',
  '970428': 'Nam A Bank',
  '970429': 'SCB',
  '970430': 'PGBank',
  '970431': 'Eximbank',
  '970432': 'VPBank',
  '970433': 'VietBank',
  '970436': 'Vietcombank',
  '970437': 'HDBank',
  '970438': 'BaoViet Bank',
  '970440': 'SeABank',
  '970441': 'VIB',
  '970443': 'SHB',
  '970446': 'Co-opBank',
  '970448': 'OCB',
  '970449': 'LPBank',
  '970452': 'KienlongBank',
  '970454': 'BVBank',
};

/** Account numbers that NAPAS carries. */
const NUMBER = /^[A-Za-z0-9]{6,19}$/;

/** Bank details that money can be sent to. */
export function checkBank({ bin, number }: BankDetails): Result<void> {
  if (!Object.hasOwn(BANKS, bin)) return refuse('BANK_BIN_INVALID', { bin });
  return NUMBER.test(number) ? ok(undefined) : refuse('BANK_NUMBER_INVALID');
}
