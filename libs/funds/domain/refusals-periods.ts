import type { RefusalTable } from '#kernel';

/** Every "no" of months, years and late facts. */
export const periodRefusals: RefusalTable = {
  PERIOD_LOCKED: {
    status: 409,
    vi: 'Sổ của quỹ “{fund}” đã khoá đến hết tháng {month}; ngày {date} nằm trong kỳ đã khoá.',
    en: 'The book of fund “{fund}” is locked through {month}, and {date} is in a locked month.',
    nextVi: 'Ghi vào kỳ đang mở, từ ngày {open}; hoặc nhờ người có quyền mở khoá tháng cuối cùng.',
    nextEn: 'Date it in the open month, from {open} on; or have the last locked month unlocked.',
  },
  PERIOD_LOCKED_ALREADY: {
    status: 409,
    vi: 'Tháng {month} đã khoá (đã khoá đến hết {locked}).',
    en: 'Month {month} is locked already (locked through {locked}).',
    nextVi: 'Không cần làm gì; khoá tháng sau khi tháng đó kết thúc.',
    nextEn: 'Nothing to do; lock the next month when it is over.',
  },
  PERIOD_NOT_OVER: {
    status: 422,
    vi: 'Tháng {month} chưa kết thúc (ngày cuối {last}, hôm nay {today}).',
    en: 'Month {month} is not over (its last day is {last}, today is {today}).',
    nextVi: 'Khoá khi tháng đã kết thúc.',
    nextEn: 'Lock it when it is over.',
  },
  PERIOD_NOT_CLEAR: {
    status: 409,
    vi: 'Kỳ {period} của quỹ “{fund}” còn việc chưa xong: {checklist}.',
    en: 'Period {period} of fund “{fund}” is not clear: {checklist}.',
    nextVi: 'Xử lý xong, hoặc ghi lý do (reason) nếu vẫn khoá.',
    nextEn: 'Finish it, or say why (reason) to go on all the same.',
  },
  PERIOD_NOT_LOCKED: {
    status: 409,
    vi: 'Sổ của quỹ “{fund}” chưa khoá tháng nào (hỏi tháng {month}).',
    en: 'No month of the book of fund “{fund}” is locked (asked for {month}).',
    nextVi: 'Không cần mở khoá.',
    nextEn: 'There is nothing to unlock.',
  },
  PERIOD_NOT_LAST_LOCKED: {
    status: 409,
    vi: 'Chỉ mở được tháng khoá cuối cùng, là {locked}, không phải {month}.',
    en: 'Only the last locked month can be unlocked, {locked}, not {month}.',
    nextVi: 'Mở lần lượt từ tháng {locked} trở lại.',
    nextEn: 'Unlock one after another, from {locked} back.',
  },
  BOOK_NOT_CARRIED: {
    status: 409,
    vi: 'Sổ năm {year} của quỹ “{fund}” còn {left} khoản của năm trước chưa chuyển sang.',
    en: 'The {year} book of fund “{fund}” has {left} items of the year before still to carry.',
    nextVi: 'Chạy tiếp việc chuyển số dư (carry-forward) cho đến hết.',
    nextEn: 'Go on carrying (carry-forward) until none is left.',
  },
  BOOK_CARRIED: {
    status: 409,
    vi: 'Sổ năm {year} của quỹ “{fund}” đã nhận đủ số dư năm trước.',
    en: 'The {year} book of fund “{fund}” has all that the year before left.',
    nextVi: 'Không cần làm gì.',
    nextEn: 'Nothing to do.',
  },
  LATE_FACT_OF_OPEN_BOOK: {
    status: 422,
    vi: 'Ngày phát sinh {date} không trước năm {year} của sổ đang mở.',
    en: 'The day it belongs to, {date}, is not before {year}, the year of the open book.',
    nextVi: 'Bỏ belongsTo và ghi bình thường.',
    nextEn: 'Leave belongsTo out and record it as usual.',
  },
  LATE_FACT_WITHOUT_BOOK: {
    status: 404,
    vi: 'Quỹ “{fund}” không có sổ đã khoá cho ngày {date}.',
    en: 'Fund “{fund}” has no closed book for {date}.',
    nextVi: 'Kiểm tra lại ngày phát sinh.',
    nextEn: 'Check the day it belongs to.',
  },
  LATE_FACT_WITHOUT_MONEY: {
    status: 422,
    vi: 'Nghiệp vụ này không ghi khoản thu, chi nào nên không thể thuộc về năm đã khoá.',
    en: 'This records no money or goods in or out, so it can not belong to a closed year.',
    nextVi: 'Bỏ belongsTo.',
    nextEn: 'Leave belongsTo out.',
  },
  LATE_FACT_NAMED_ALREADY: {
    status: 422,
    vi: 'Nghiệp vụ sửa sai tự nêu sổ và ngày của khoản được sửa.',
    en: 'A correction names the book and the day of what it corrects by itself.',
    nextVi: 'Bỏ belongsTo.',
    nextEn: 'Leave belongsTo out.',
  },
};
