import type { RefusalTable } from '#kernel';

/** Every "no" of mergers. */
export const mergerRefusals: RefusalTable = {
  FUND_MERGED: {
    status: 409,
    vi: 'Quỹ “{fund}” đã sáp nhập vào quỹ “{into}” từ ngày {on}.',
    en: 'Fund “{fund}” has been part of fund “{into}” since {on}.',
    nextVi: 'Ghi vào sổ của quỹ “{into}”: các khoản của quỹ cũ vẫn sửa, hoàn và thu hồi được ở đó.',
    nextEn:
      'Record it in the book of “{into}”: what the old fund did is corrected, refunded and returned there.',
  },
  MERGER_ACCOUNT_TAKEN: {
    status: 409,
    vi: 'Quỹ “{into}” đã có tài khoản “{as}”, nên “{account}” không thể giữ mã đó.',
    en: 'Fund “{into}” has an account “{as}” already, so “{account}” can not be called that.',
    nextVi: 'Ghi mã mới cho tài khoản này trong “accounts”.',
    nextEn: 'Give the account a new id in “accounts”.',
  },
  MERGER_DECISIONS_OPEN: {
    status: 409,
    vi: 'Quỹ “{fund}” còn {count} quyết định chờ duyệt.',
    en: 'Fund “{fund}” has {count} decisions that wait for approval.',
    nextVi: 'Duyệt hoặc kết thúc các quyết định đó: hội đồng của quỹ cũ không còn sau khi sáp nhập.',
    nextEn: 'Approve or end them: the board of the old fund is no more after the merger.',
  },
  MERGER_DOES_NOT_BALANCE: {
    status: 409,
    vi: 'Tiền trong các tài khoản lệch {difference} {commodity} so với các nguồn và khoản đang mở.',
    en: 'What lies in the own accounts differs by {difference} {commodity} from the pools and open items.',
    nextVi: 'Chạy lalanh verify, và đối chiếu số dư từng tài khoản trước khi sáp nhập.',
    nextEn: 'Run lalanh verify and compare the balance of each account before merging.',
  },
  MERGER_GOOD_UNLISTED: {
    status: 409,
    vi: 'Sổ của quỹ “{into}” chưa theo dõi hiện vật “{commodity}” theo cùng đơn vị.',
    en: 'The book of fund “{into}” does not count “{commodity}” in the same unit.',
    nextVi: 'Thêm loại hiện vật đó vào sổ của quỹ “{into}” rồi sáp nhập lại.',
    nextEn: 'List the good in the book of “{into}”, then merge again.',
  },
  MERGER_MONTHS_OPEN: {
    status: 409,
    vi: 'Quỹ “{fund}” chưa khoá các tháng đến hết {month}.',
    en: 'Fund “{fund}” has not locked its months through {month}.',
    nextVi: 'Khoá các tháng đó trước, rồi sáp nhập.',
    nextEn: 'Lock those months first, then merge.',
  },
  MERGER_TOO_EARLY: {
    status: 422,
    vi: 'Sổ đã có bút toán ngày {last}, sau ngày sáp nhập {date}.',
    en: 'The book has entries on {last}, after the day of the merger, {date}.',
    nextVi: 'Sáp nhập vào ngày đó hoặc muộn hơn, hoặc ghi lại bút toán ấy cho quỹ kế nhiệm.',
    nextEn: 'Merge on that day or later, or record those entries in the successor’s book instead.',
  },
  MERGER_TOO_LARGE: {
    status: 409,
    vi: 'Sáp nhập cần {events} sự kiện ({pools} nguồn, {disbursements} khoản chi dở dang), nhiều hơn một lần ghi.',
    en: 'The merger takes {events} events ({pools} pools, {disbursements} unfinished disbursements), more than one append holds.',
    nextVi: 'Chi, giao hoặc huỷ bớt các khoản chi dở dang rồi sáp nhập lại.',
    nextEn: 'Pay, deliver or cancel some of the unfinished disbursements, then merge again.',
  },
  MERGER_WITH_ITSELF: {
    status: 422,
    vi: 'Quỹ “{fund}” không thể sáp nhập vào chính nó.',
    en: 'Fund “{fund}” can not be merged into itself.',
    nextVi: 'Chọn quỹ kế nhiệm.',
    nextEn: 'Name the fund that goes on.',
  },
  PLEDGE_NOT_OF_MERGED: {
    status: 409,
    vi: 'Cam kết “{pledge}” thuộc quỹ “{fund}”, không phải quỹ đã sáp nhập này.',
    en: 'Pledge “{pledge}” is of fund “{fund}”, not of this merged one.',
    nextVi: 'Bỏ cam kết này khỏi danh sách.',
    nextEn: 'Leave this pledge out.',
  },
  PLEDGES_HANDED_OVER: {
    status: 409,
    vi: 'Các cam kết này đã thuộc quỹ “{into}”.',
    en: 'These pledges are of fund “{into}” already.',
    nextVi: 'Không cần làm gì: tiếp tục với các cam kết còn lại.',
    nextEn: 'Nothing is left to do for them: go on with the others.',
  },
  FUND_NOT_MERGED: {
    status: 409,
    vi: 'Quỹ “{fund}” chưa sáp nhập vào quỹ nào.',
    en: 'Fund “{fund}” is not merged into another one.',
    nextVi: 'Sáp nhập quỹ trước, cam kết và đỡ đầu đi theo sau.',
    nextEn: 'Merge the fund first; pledges and sponsorships follow it.',
  },
};
