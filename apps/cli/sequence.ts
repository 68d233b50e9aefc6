import { type Database, isTransient, openDatabase } from '#postgres';
import { CliFailure } from './failure.ts';

/** Schemas of decision 0009. */
export const SEQUENCE_SCHEMA = 'sequence';
export const ROLES_SCHEMA = 'roles';

/** SQLSTATE undefined_table, invalid_schema_name, invalid_catalog_name. */
const ABSENT = new Set(['42P01', '3F000', '3D000']);

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : '';

/** True when the database answers, and has not what was asked for: table, schema or itself. */
export const isAbsent = (error: unknown): boolean => ABSENT.has(codeOf(error));

/** Work on the sequence of a PostgreSQL database. A server that does not answer, or holds none, is said so. */
export async function withSequence<T>(url: string, work: (database: Database) => Promise<T>): Promise<T> {
  let database: Database | undefined;
  try {
    database = openDatabase({ url, schema: SEQUENCE_SCHEMA, name: 'lalanh' });
    return await work(database);
  } catch (cause) {
    // What reads the database on our behalf names the fault beneath its own.
    const beneath = cause instanceof Error ? cause.cause : undefined;
    if (isAbsent(cause) || isAbsent(beneath))
      throw new CliFailure(
        'Cơ sở dữ liệu này chưa có dãy sự kiện. Kiểm tra --postgres, hoặc chạy lalanh migrate trước.',
        'This database holds no sequence. Check --postgres, or run lalanh migrate first.',
        undefined,
        { cause },
      );
    if (isTransient(cause) || isTransient(beneath))
      throw new CliFailure(
        'PostgreSQL không trả lời. Kiểm tra máy chủ và địa chỉ --postgres rồi chạy lại.',
        'PostgreSQL does not answer. Check the server and the address of --postgres, then run again.',
        undefined,
        { cause },
      );
    throw cause;
  } finally {
    await database?.close();
  }
}
