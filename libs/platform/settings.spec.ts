import { describe, expect, it } from 'vitest';
import { SettingError, addressOf, readSettings } from './settings.ts';

describe('given an environment', () => {
  it('that says nothing, everything is in ./data on this machine', () => {
    const { instance, ...settings } = readSettings({});
    expect(instance).toMatch(/^[\w.-]+-\d+$/);
    expect(settings).toStrictEqual({
      data: 'data',
      log: { kind: 'sqlite', folder: 'data' },
      postgres: undefined,
      kafka: [],
      partitions: 12,
      host: '127.0.0.1',
      port: undefined,
      address: undefined,
    });
  });

  it('of a distributed service, each setting is taken', () => {
    expect(
      readSettings({
        LALANH_DATA: '/var/lib/lalanh',
        LALANH_LOG: 'kurrentdb+discover://admin:changeit@a:2113,b:2113?tls=true',
        LALANH_POSTGRES: 'postgres://lalanh@db:5432/lalanh',
        LALANH_KAFKA: 'k-1:9092,k-2:9092',
        LALANH_PARTITIONS: '24',
        LALANH_INSTANCE: 'ledger-1',
        LALANH_HOST: '0.0.0.0',
        LALANH_PORT: '4606',
        LALANH_ADDRESS: 'http://ledger-1:4606',
      }),
    ).toStrictEqual({
      data: '/var/lib/lalanh',
      log: {
        kind: 'kurrent',
        connectionString: 'kurrentdb+discover://admin:changeit@a:2113,b:2113?tls=true',
      },
      postgres: 'postgres://lalanh@db:5432/lalanh',
      kafka: ['k-1:9092', 'k-2:9092'],
      partitions: 24,
      instance: 'ledger-1',
      host: '0.0.0.0',
      port: 4606,
      address: 'http://ledger-1:4606',
    });
  });

  it.each([
    ['LALANH_LOG', { LALANH_LOG: 'mysql://secret@x' }],
    ['LALANH_POSTGRES', { LALANH_POSTGRES: 'secret' }],
    ['LALANH_POSTGRES', { LALANH_LOG: 'kurrentdb://x:2113' }],
    ['LALANH_KAFKA', { LALANH_KAFKA: 'secret' }],
    ['LALANH_PARTITIONS', { LALANH_PARTITIONS: '0' }],
    ['LALANH_INSTANCE', { LALANH_INSTANCE: 'sec ret' }],
    ['LALANH_PORT', { LALANH_PORT: '70000' }],
    ['LALANH_ADDRESS', { LALANH_ADDRESS: 'secret' }],
  ])('with a wrong %s, the error names it in two languages and shows no value', (setting, environment) => {
    const read = (): unknown => readSettings(environment);
    expect(read).toThrow(SettingError);
    expect(read).toThrow(new RegExp(`^${setting}: .+ / .+`));
    expect(read).not.toThrow(/sec ?ret/);
  });
});

describe('the address of an instance', () => {
  it('is where it listens, or what is set', () => {
    const settings = readSettings({});
    expect(addressOf(settings, 4607)).toBe('http://127.0.0.1:4607');
    expect(addressOf({ ...settings, address: 'http://a:1' }, 4607)).toBe('http://a:1');
  });

  it('has to be set where it listens everywhere', () => {
    expect(() => addressOf({ ...readSettings({}), host: '0.0.0.0' }, 4607)).toThrow(/^LALANH_ADDRESS: /);
  });
});
