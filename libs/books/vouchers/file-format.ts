import type { VoucherFileFormat } from '../domain/events.ts';

/** DER of the object id 1.2.840.113549.1.7.2, signed data of CMS (RFC 5652). */
const SIGNED_DATA = Buffer.from([0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02]);
const SEQUENCE = 0x30;
/** Where the object id begins at the latest: behind the tag and length of the outer sequence. */
const HEAD_MAX = 8;
/** Forms of signature in a PDF: CAdES (PAdES) and the older PKCS #7. */
const PDF_SIGNATURE = /\/SubFilter\s*\/(?:ETSI\.CAdES\.detached|adbe\.pkcs7\.detached|ETSI\.RFC3161)/;

/**
 * What a file is by its bytes; undefined when it is neither a CMS signature nor a PDF. Whether the
 * signature is valid, and whose, is for the programs of the one who issued the certificate to say.
 */
export function voucherFileFormat(bytes: Buffer): VoucherFileFormat | undefined {
  const at = bytes.subarray(0, HEAD_MAX + SIGNED_DATA.length).indexOf(SIGNED_DATA);
  if (bytes[0] === SEQUENCE && at > 0) return 'cades';
  if (!bytes.subarray(0, 5).equals(Buffer.from('%PDF-'))) return undefined;
  const text = bytes.toString('latin1');
  return PDF_SIGNATURE.test(text) && text.includes('/ByteRange') ? 'pades' : 'pdf';
}
