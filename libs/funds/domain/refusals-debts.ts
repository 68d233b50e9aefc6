import type { RefusalTable } from '#kernel';

/** Every "no" of advances and supplier debts. */
export const debtRefusals: RefusalTable = {
  ADVANCE_NOT_MONEY: {
    status: 422,
    vi: 'Chỉ tạm ứng bằng tiền; “{commodity}” không phải là tiền tệ.',
    en: 'Only money is advanced; “{commodity}” is no currency.',
    nextVi: 'Hàng xuất cho người đi trao thì ghi chi hỗ trợ bằng hiện vật.',
    nextEn: 'Goods handed out for delivery are a disbursement of goods.',
  },
  ADVANCE_OUT: {
    status: 409,
    vi: 'Khoản chi {disbursement} đang có tạm ứng {advance} chưa quyết toán.',
    en: 'The advance {advance} for disbursement {disbursement} is still out.',
    nextVi: 'Quyết toán tạm ứng để ghi chi, hoặc thu hồi tạm ứng trước.',
    nextEn: 'Settle the advance, which pays the disbursement, or have it returned first.',
  },
  ADVANCE_TOO_LARGE: {
    status: 422,
    vi: 'Số tạm ứng {asked} lớn hơn phần còn tạm ứng được {most}.',
    en: 'The advance of {asked} is more than can be advanced: {most}.',
    nextVi: 'Tạm ứng nhiều nhất bằng khoản chi đã duyệt.',
    nextEn: 'Advance no more than the approved disbursement.',
  },
  DUE_TOO_EARLY: {
    status: 422,
    vi: 'Hạn {due} sớm hơn ngày {date}.',
    en: 'The due day {due} is before {date}.',
    nextVi: 'Ghi hạn từ ngày đó trở đi, hoặc để trống.',
    nextEn: 'Give that day or a later one, or leave it out.',
  },
  SETTLED_AS_OTHER: {
    status: 422,
    vi: 'Tạm ứng {advance} phải quyết toán đúng mục đích: cho khoản chi hỗ trợ thì không nêu loại chi phí, cho chi phí thì nêu.',
    en: 'Advance {advance} is settled as what it is for: one for a disbursement names no kind of cost, one for own costs does.',
    nextVi: 'Xem tạm ứng này dành cho việc gì rồi ghi lại.',
    nextEn: 'See what the advance is for, and settle it as that.',
  },
  DEBT_NOT_MONEY: {
    status: 422,
    vi: 'Chỉ nợ tiền mới ghi là nợ nhà cung cấp; “{commodity}” không phải là tiền tệ.',
    en: 'Only money is owed to a supplier; “{commodity}” is no currency.',
    nextVi: 'Ghi số tiền trên hóa đơn.',
    nextEn: 'Record the amount of the invoice in money.',
  },
  DEBT_OF_OTHER_AMOUNT: {
    status: 422,
    vi: 'Hóa đơn {asked} không bằng khoản chi đã duyệt {amount} {commodity}.',
    en: 'The invoice of {asked} is not the approved disbursement of {amount} {commodity}.',
    nextVi: 'Mỗi hóa đơn cho một khoản chi đúng bằng nó; chênh lệch thì đề nghị khoản chi khác.',
    nextEn: 'One invoice is for one disbursement as large as it; propose another one for the difference.',
  },
  DEBT_WITHOUT_USE: {
    status: 422,
    vi: 'Hóa đơn {invoice} phải thuộc đúng một việc: một khoản chi hỗ trợ, hoặc một loại chi phí của quỹ.',
    en: 'Invoice {invoice} is for exactly one thing: a disbursement, or a kind of own cost.',
    nextVi: 'Nêu khoản chi, hoặc nêu loại chi phí, như lúc ghi hóa đơn.',
    nextEn: 'Name the disbursement, or the kind of cost, as the invoice was recorded.',
  },
  INVOICE_TWICE: {
    status: 409,
    vi: 'Hóa đơn {invoice} của “{supplier}” đã ghi rồi: {debt}.',
    en: 'Invoice {invoice} of “{supplier}” is recorded already: {debt}.',
    nextVi: 'Xem khoản nợ đó; nếu ghi sai thì ghi giảm hết rồi ghi lại.',
    nextEn: 'See that debt; if it is wrong, reduce it to nothing and record it again.',
  },
};
