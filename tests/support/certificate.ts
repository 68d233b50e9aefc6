import { type KeyObject, generateKeyPairSync, sign } from 'node:crypto';

const der = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts);
  const long = body.length < 0x80 ? [] : [...lengthBytes(body.length)];
  const head = long.length === 0 ? [tag, body.length] : [tag, 0x80 | long.length, ...long];
  return Buffer.concat([Buffer.from(head), body]);
};
const lengthBytes = (length: number): number[] => (length > 0xff ? [length >> 8, length & 0xff] : [length]);

const SEQUENCE = 0x30;
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));
const ECDSA_SHA256 = der(SEQUENCE, oid('2a8648ce3d040302'));
const YES = Buffer.from([0x01, 0x01, 0xff]);

const name = (text: string): Buffer =>
  der(SEQUENCE, der(0x31, der(SEQUENCE, oid('550403'), der(0x0c, Buffer.from(text)))));
const time = (date: Date): Buffer => {
  const digits = date
    .toISOString()
    .replaceAll(/[-:T]|\.\d+/gu, '')
    .slice(2);
  return der(0x17, Buffer.from(digits));
};
const extension = (id: string, value: Buffer, critical = false): Buffer =>
  der(SEQUENCE, oid(id), ...(critical ? [YES] : []), der(0x04, value));

interface Identity {
  readonly subject: string;
  readonly issuer: string;
  readonly publicKey: KeyObject;
  readonly signer: KeyObject;
  readonly serial: number;
  readonly extensions: readonly Buffer[];
}

const DAY_MS = 86_400_000;

const certificate = ({ subject, issuer, publicKey, signer, serial, extensions }: Identity): string => {
  const validity = [new Date(Date.now() - DAY_MS), new Date(Date.now() + DAY_MS)].map(time);
  const body = der(
    SEQUENCE,
    der(0xa0, Buffer.from([0x02, 0x01, 0x02])),
    Buffer.from([0x02, 0x01, serial]),
    ECDSA_SHA256,
    name(issuer),
    der(SEQUENCE, ...validity),
    name(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(SEQUENCE, ...extensions)),
  );
  const signature = der(0x03, Buffer.from([0]), sign('sha256', body, signer));
  const base64 = der(SEQUENCE, body, ECDSA_SHA256, signature).toString('base64');
  return `-----BEGIN CERTIFICATE-----\n${base64.replaceAll(/.{64}/gu, '$&\n')}\n-----END CERTIFICATE-----\n`;
};

/** PEM texts: a root nobody knows, and what a server on 127.0.0.1 shows, vouched for by that root. Valid for a day. */
export const serverCertificate = (): {
  readonly root: string;
  readonly certificate: string;
  readonly key: string;
} => {
  const authority = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const server = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const common = { issuer: 'root of a test', signer: authority.privateKey };
  return {
    root: certificate({
      ...common,
      subject: common.issuer,
      publicKey: authority.publicKey,
      serial: 1,
      extensions: [extension('551d13', der(SEQUENCE, YES), true)],
    }),
    certificate: certificate({
      ...common,
      subject: 'server of a test',
      publicKey: server.publicKey,
      serial: 2,
      extensions: [
        // IP address 127.0.0.1, name localhost.
        extension(
          '551d11',
          der(SEQUENCE, der(0x87, Buffer.from([127, 0, 0, 1])), der(0x82, Buffer.from('localhost'))),
        ),
      ],
    }),
    key: String(server.privateKey.export({ type: 'pkcs8', format: 'pem' })),
  };
};
