import { Command, CommanderError } from 'commander';
import { EventLogError } from '#event-log';
import { addAges } from './commands/ages.ts';
import { addBackup, addRestore } from './commands/backup.ts';
import { addBalances } from './commands/balances.ts';
import { addBank } from './commands/bank.ts';
import { addBatch } from './commands/batch.ts';
import { addBook } from './commands/book.ts';
import { addBench } from './commands/bench.ts';
import { addDo } from './commands/do.ts';
import { addExport } from './commands/export.ts';
import { addImport } from './commands/import.ts';
import { addMigrate } from './commands/migrate.ts';
import { both } from './commands/options.ts';
import { addPeriod } from './commands/period.ts';
import { addRebuild } from './commands/rebuild.ts';
import { addReport } from './commands/report.ts';
import { addServe } from './commands/serve.ts';
import { addVerify } from './commands/verify.ts';
import { addVietQr } from './commands/vietqr.ts';
import { addVoucher } from './commands/voucher.ts';
import { addWork } from './commands/work.ts';
import { CliFailure, EXIT } from './failure.ts';

/** The command line program; every command adds itself. */
function createProgram(): Command {
  const program = new Command('lalanh')
    .description(both('Lá Lành: sổ cái của các quỹ giúp trẻ em', 'a ledger for funds that help children'))
    .helpOption('-h, --help', both('xem hướng dẫn', 'show help'))
    .helpCommand('help [command]', both('xem hướng dẫn của một lệnh', 'show the help of a command'))
    .exitOverride()
    .addHelpText(
      'after',
      `
Kết quả ra stdout, tiến độ ra stderr. / Results go to stdout, progress to stderr.
Mã thoát / exit codes: 0 tốt / well; 1 có dòng bị từ chối hoặc sai lệch / rows refused or findings;
2 sai lệnh / wrong usage; 3 không chạy được / could not run.`,
    );
  for (const add of [
    addServe,
    addImport,
    addDo,
    addBatch,
    addBank,
    addWork,
    addBalances,
    addAges,
    addReport,
    addVietQr,
    addBook,
    addVoucher,
    addPeriod,
    addExport,
    addVerify,
    addRebuild,
    addBackup,
    addRestore,
    addMigrate,
    addBench,
  ])
    add(program);
  return program;
}

/** What a person can do when the log of the data folder refuses; other codes are faults of the program. */
const LOG_FAILURES: Readonly<
  Partial<Record<EventLogError['code'], { readonly vi: string; readonly en: string }>>
> = {
  ES_LOCKED: {
    vi: 'Một chương trình khác đang ghi thư mục dữ liệu này. Dừng nó, hoặc chọn thư mục khác bằng --data.',
    en: 'Another program is writing this data folder. Stop it, or choose another folder with --data.',
  },
  ES_UNSUPPORTED: {
    vi: 'Máy chủ hoặc cấu hình nhật ký này không giữ được những gì sổ cần. Cần KurrentDB 25.1 trở lên, có TLS được kiểm.',
    en: 'This log server or setting can not keep what the ledger needs. Use KurrentDB 25.1 or newer with verified TLS.',
  },
  ES_UNAVAILABLE: {
    vi: 'Không ghi được nhật ký. Kiểm tra dung lượng đĩa và quyền ghi, rồi làm lại: lệnh đã nhận không mất.',
    en: 'The log can not be written. Check disk space and permissions, then try again: nothing accepted is lost.',
  },
  ES_CORRUPT: {
    vi: 'Nhật ký bị hỏng. Đừng ghi thêm; chạy lalanh verify và khôi phục từ bản sao lưu.',
    en: 'The log is damaged. Record nothing more; run lalanh verify and restore a backup.',
  },
};

/** Runs the program and sets the exit code. Faults of the program show their stack; all else is two sentences. */
async function main(args: readonly string[]): Promise<void> {
  try {
    await createProgram().parseAsync(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    else if (error instanceof CliFailure) {
      process.stderr.write(`✗ ${error.vi}\n  ${error.message}\n`);
      process.exitCode = error.exitCode;
    } else if (error instanceof EventLogError) {
      const { vi, en } = LOG_FAILURES[error.code] ?? {
        vi: 'Nhật ký không dùng được.',
        en: 'The log failed.',
      };
      process.stderr.write(`✗ ${vi}\n  ${en}\n  ${error.code}: ${error.message}\n`);
      process.exitCode = EXIT.failed;
    } else {
      process.stderr.write(
        `✗ Lỗi của chương trình / a fault of the program\n${error instanceof Error ? error.stack : String(error)}\n`,
      );
      process.exitCode = EXIT.failed;
    }
  }
}

await main(process.argv.slice(2));
