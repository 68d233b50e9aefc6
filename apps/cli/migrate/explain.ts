import { EventLogError, SequencerFault } from '#event-log';
import { RoleLostError, isTransient } from '#postgres';
import { CliFailure, EXIT } from '../failure.ts';
import { UnreadableLogError } from './commands-of.ts';

const AGAIN = {
  vi: 'không trả lời. Kiểm tra máy chủ rồi chạy lại: lần sau chép tiếp từ chỗ này.',
  en: 'does not answer. Check the server and run again: it goes on from here.',
};
const TARGET_FAILURES: Readonly<
  Partial<Record<EventLogError['code'], { readonly vi: string; readonly en: string }>>
> = {
  ES_UNAVAILABLE: AGAIN,
  ES_OUTCOME_UNKNOWN: AGAIN,
  ES_UNSUPPORTED: { vi: 'không dùng được.', en: 'can not be used.' },
  ES_IDEMPOTENCY_MISMATCH: {
    vi: 'đã có lệnh này với nội dung khác. Dùng máy chủ trống.',
    en: 'holds this command with another body. Use an empty server.',
  },
  ES_CORRUPT: {
    vi: 'bị hỏng, hoặc chứa thứ không phải của sổ cái.',
    en: 'is damaged, or holds what no ledger wrote.',
  },
};

/** What a person can do about a failure; what is unknown stays as it is. */
export function explainTarget(cause: unknown): unknown {
  if (cause instanceof UnreadableLogError)
    return new CliFailure(
      `Nhật ký nguồn không chép được: ${cause.message}. Chạy lalanh verify trên thư mục này.`,
      `The source can not be copied: ${cause.message}. Run lalanh verify on this folder.`,
      undefined,
      { cause },
    );
  if (cause instanceof SequencerFault)
    return new CliFailure(`Đích chứa thứ khác. ${cause.vi}`, cause.message, EXIT.findings, { cause });
  if (cause instanceof RoleLostError)
    return new CliFailure(
      'Một dịch vụ khác vừa nhận việc đánh số trên PostgreSQL này. Dừng các dịch vụ rồi chạy lại; phần đã chép vẫn còn.',
      'Another service became the sequencer of this PostgreSQL. Stop the services and run again; nothing is lost.',
      undefined,
      { cause },
    );
  // PostgreSQL is the other half of the target, and has its own words.
  if (cause instanceof EventLogError && isTransient(cause.cause)) return cause;
  if (cause instanceof EventLogError && TARGET_FAILURES[cause.code] !== undefined)
    return new CliFailure(
      `Đích ${TARGET_FAILURES[cause.code]?.vi} (${cause.code}: ${cause.message})`,
      `The target ${TARGET_FAILURES[cause.code]?.en} (${cause.code}: ${cause.message})`,
      undefined,
      { cause },
    );
  return cause;
}
