import { generate } from 'selfsigned';
import type { ServerCertificate } from './endpoint.ts';

/**
 * A certificate of a cluster on the loopback interface: its own authority, made anew for each. It holds for so long that no
 * clock which somebody plays with runs out of it.
 */
export async function loopbackCertificate(): Promise<ServerCertificate> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'local-kubernetes' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date('2020-01-01T00:00:00Z'),
    notAfterDate: new Date('2100-01-01T00:00:00Z'),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  return { key, cert };
}
