import type { RefusalTable } from '#kernel';

/** Every "no" of the people capability. Codes are stable: programs and people rely on them. */
export const refusals: RefusalTable = {
  DONOR_EXISTS: {
    status: 409,
    vi: 'Người tặng “{donor}” đã được đăng ký.',
    en: 'Donor “{donor}” is registered already.',
    nextVi: 'Dùng mã đã có, hoặc chọn mã khác nếu là người tặng khác.',
    nextEn: 'Use the id that is there, or another id if it is another donor.',
  },
  DONOR_UNKNOWN: {
    status: 422,
    vi: 'Chưa có người tặng “{donor}”.',
    en: 'There is no donor “{donor}”.',
    nextVi: 'Kiểm tra mã, hoặc đăng ký người tặng trước; nếu nguồn không nêu tên thì để trống.',
    nextEn: 'Check the id, or register the donor first; leave it out when the source names none.',
  },
  BENEFICIARY_EXISTS: {
    status: 409,
    vi: 'Đối tượng thụ hưởng “{beneficiary}” đã được đăng ký.',
    en: 'Beneficiary “{beneficiary}” is registered already.',
    nextVi: 'Dùng mã đã có.',
    nextEn: 'Use the id that is there.',
  },
  BENEFICIARY_UNKNOWN: {
    status: 422,
    vi: 'Chưa có đối tượng thụ hưởng “{beneficiary}”.',
    en: 'There is no beneficiary “{beneficiary}”.',
    nextVi: 'Kiểm tra mã, hoặc đăng ký trước.',
    nextEn: 'Check the id, or register the beneficiary first.',
  },
  BENEFICIARY_NO_CHILD: {
    status: 422,
    vi: '“{beneficiary}” không phải là trẻ em nên không nhận đỡ đầu.',
    en: '“{beneficiary}” is no child, so nobody sponsors it.',
    nextVi: 'Ghi cam kết (make-pledge) cho trường hoặc cơ sở.',
    nextEn: 'Make a pledge for the school or facility.',
  },
  BENEFICIARY_ENDED: {
    status: 409,
    vi: 'Đối tượng thụ hưởng “{beneficiary}” đã rời chương trình.',
    en: 'Beneficiary “{beneficiary}” has left.',
    nextVi: 'Chọn trẻ khác, hoặc hỏi lại người tặng.',
    nextEn: 'Choose another child, or ask the donor.',
  },
  BENEFICIARY_SPONSORED: {
    status: 409,
    vi: 'Trẻ “{beneficiary}” đã có người đỡ đầu ({sponsorship}).',
    en: 'Child “{beneficiary}” has a sponsor already ({sponsorship}).',
    nextVi: 'Chọn trẻ khác; nếu nhiều người cùng đỡ đầu thì mọi suất phải ghi là dùng chung (shared).',
    nextEn: 'Choose another child; where several share one, every sponsorship must be declared shared.',
  },
  BENEFICIARY_SPONSORSHIPS_DIFFER: {
    status: 409,
    vi: 'Các suất đỡ đầu đang có của “{beneficiary}” là: {running}.',
    en: 'The sponsorships of “{beneficiary}” that run are: {running}.',
    nextVi: 'Ghi đúng các suất đó để tất cả cùng dừng.',
    nextEn: 'Name exactly these, so that all of them end together.',
  },
  AGE_BAND_NOT_OF_CHILD: {
    status: 422,
    vi: '“{beneficiary}” không phải là trẻ em nên không có nhóm tuổi.',
    en: '“{beneficiary}” is no child, so it has no age band.',
    nextVi: 'Bỏ nhóm tuổi, hoặc sửa loại đối tượng.',
    nextEn: 'Leave the age band out, or correct the kind.',
  },
  COUNTRY_INVALID: {
    status: 400,
    vi: 'Mã quốc gia không đúng.',
    en: 'The country code is not valid.',
    nextVi: 'Dùng mã hai chữ cái in hoa theo ISO 3166-1, ví dụ VN, DE.',
    nextEn: 'Use the two capital letters of ISO 3166-1, for example VN, DE.',
  },
};
