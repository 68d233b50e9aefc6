import type { RefusalTable } from '#kernel';

/** Every "no" of approvals. */
export const approvalRefusals: RefusalTable = {
  APPROVALS_MISSING: {
    status: 403,
    vi: 'Việc này cần {needed} người duyệt, mới có {given}.',
    en: 'This takes {needed} approvers; {given} stand behind it.',
    nextVi: 'Lập đề nghị (POST /v1/decisions/…), rồi để đủ số người khác nhau duyệt.',
    nextEn: 'Propose it (POST /v1/decisions/…), then let as many different persons approve it.',
  },
  APPROVED_ALREADY: {
    status: 409,
    vi: 'Người này ({person}) đã duyệt đề nghị này.',
    en: 'This person ({person}) has approved this proposal already.',
    nextVi: 'Nhờ một người khác duyệt.',
    nextEn: 'Ask another person.',
  },
  DECISION_IS_ANOTHER: {
    status: 409,
    vi: 'Đề nghị {decision} không phải bản mà người duyệt đã xem.',
    en: 'Proposal {decision} is not what the approver saw.',
    nextVi: 'Mở lại đề nghị, đọc kỹ rồi duyệt.',
    nextEn: 'Open the proposal again, read it, then approve.',
  },
  DECISION_NOT_OPEN: {
    status: 404,
    vi: 'Sổ của quỹ “{fund}” không có đề nghị {decision} đang chờ duyệt.',
    en: 'The book of fund “{fund}” has no proposal {decision} that waits for approval.',
    nextVi: 'Xem danh sách chờ duyệt; đề nghị đã sửa thì có mã mới.',
    nextEn: 'See the list of what waits; a proposal that was changed has a new id.',
  },
  DECISION_OF_OTHER_KIND: {
    status: 422,
    vi: 'Đề nghị được thay thuộc loại khác ({kind}).',
    en: 'The proposal it replaces is of another kind ({kind}).',
    nextVi: 'Rút đề nghị cũ, rồi lập đề nghị mới.',
    nextEn: 'Withdraw the old one, then propose the new one.',
  },
  DECISIONS_TOO_MANY: {
    status: 409,
    vi: 'Đã có {max} đề nghị chờ duyệt trong sổ này.',
    en: 'The book has {max} proposals waiting for approval already.',
    nextVi: 'Duyệt, từ chối hoặc rút bớt trước.',
    nextEn: 'Approve, reject or withdraw some first.',
  },
  PAYEE_DECIDES: {
    status: 403,
    vi: 'Người được nhận tiền ({person}) không được đề nghị hoặc duyệt khoản này.',
    en: 'The person who is paid ({person}) may neither propose nor approve it.',
    nextVi: 'Nhờ người khác đề nghị và duyệt.',
    nextEn: 'Let others propose and approve it.',
  },
  THRESHOLD_TWICE: {
    status: 422,
    vi: 'Mức duyệt cho “{commodity}” được nêu hai lần.',
    en: 'The thresholds of “{commodity}” are given twice.',
    nextVi: 'Gộp lại làm một.',
    nextEn: 'Make the two one.',
  },
  THRESHOLDS_CROSSED: {
    status: 422,
    vi: 'Với “{commodity}”, mức cần hai người duyệt thấp hơn mức cần một người.',
    en: 'For “{commodity}” two approvers are asked for below the amount that asks for one.',
    nextVi: 'Ghi mức hai người bằng hoặc cao hơn mức một người.',
    nextEn: 'Set the amount for two at or above the amount for one.',
  },
  VERSIONS_TOO_MANY: {
    status: 409,
    vi: 'Đề nghị đã được sửa quá nhiều lần (tối đa {max} bản).',
    en: 'The proposal was changed too often ({max} versions at most).',
    nextVi: 'Rút đề nghị này và lập đề nghị mới.',
    nextEn: 'Withdraw it and propose anew.',
  },
};
