import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { findJudge } from '../support/judges.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const infra = join(root, 'infra');
const read = (name: string): string => readFileSync(join(infra, name), 'utf8');

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}
interface Service {
  readonly command?: readonly string[];
  readonly image?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, unknown>>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly healthcheck?: unknown;
}

const COMPOSE = ['compose.yaml', 'compose.three-nodes.yaml'];
const composes = COMPOSE.map((name) => [name, parse(read(name), { merge: true }) as Compose] as const);

/** Sources of the program in one text, to look names up in. */
const sources = execFileSync('git', ['ls-files', '-co', '--exclude-standard', 'apps', 'libs'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts') && existsSync(join(root, name)))
  .map((name) => readFileSync(join(root, name), 'utf8'))
  .join('\n');

/** The program a compiled file comes from is there. */
const isProgram = (compiled: string): boolean =>
  existsSync(join(root, compiled.replace(/^dist\//, '').replace(/\.js$/, '.ts')));

describe.each(composes)('%s', (_, { services, volumes }) => {
  const entries = Object.entries(services);

  it('starts programs that are there', () => {
    const commands = entries.flatMap(
      ([, { command }]) => command?.filter((word) => word.startsWith('dist/')) ?? [],
    );
    expect(commands.filter((command) => !isProgram(command))).toStrictEqual([]);
    expect(new Set(commands.map((command) => command.split('/')[2]))).toStrictEqual(
      new Set(['relay', 'ledger', 'projector', 'reports']),
    );
  });

  it('sets only settings that the program reads', () => {
    const names = entries.flatMap(([, { environment = {} }]) =>
      Object.keys(environment).filter((name) => name.startsWith('LALANH_')),
    );
    expect(names.filter((name) => !sources.includes(name))).toStrictEqual([]);
  });

  it('waits for services, and uses volumes, that it names', () => {
    const waited = entries.flatMap(([, { depends_on: on = {} }]) => Object.keys(on));
    expect(waited.filter((name) => services[name] === undefined)).toStrictEqual([]);
    const used = entries.flatMap(([, { volumes: mounted = [] }]) =>
      mounted.map((mount) => mount.split(':')[0] ?? '').filter((source) => !source.startsWith('.')),
    );
    expect(used.filter((name) => !(name in volumes))).toStrictEqual([]);
  });

  it('opens no port to the world, and keeps no password', () => {
    const ports = entries.flatMap(([, { ports: open = [] }]) => open);
    expect(
      ports.filter((port) => !/^(127\.0\.0\.1|\$\{LALANH_BIND:-127\.0\.0\.1\}):/.test(port)),
    ).toStrictEqual([]);
    const secrets = entries.flatMap(([, { environment = {} }]) =>
      Object.entries(environment).filter(([name]) => name.includes('PASSWORD')),
    );
    expect(secrets.filter(([, value]) => !/^\$\{[A-Z_]+:\?/.test(value))).toStrictEqual([]);
  });
});

describe('the image', () => {
  const lines = read('Dockerfile').split('\n');
  const after = (word: string): string[] =>
    lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));

  it('copies what is there, and what its ignore file lets through', () => {
    const copied = after('COPY')
      .filter((line) => !line.startsWith('--from'))
      .flatMap((line) => line.split(' ').slice(0, -1));
    expect(copied.filter((name) => !existsSync(join(root, name)))).toStrictEqual([]);
    const let_ = new Set(read('Dockerfile.dockerignore').match(/(?<=^!).+$/gm));
    expect(copied.filter((name) => !let_.has(name))).toStrictEqual([]);
  });

  it('runs a program that is there, as somebody without power, and says when it is ill', () => {
    expect(isProgram(JSON.parse(after('CMD')[0] ?? '[]')[0] as string)).toBe(true);
    expect(after('USER')).toStrictEqual(['node']);
    expect(after('HEALTHCHECK')).toHaveLength(1);
  });
});

describe('alerts and dashboard', () => {
  const metricsIn = (text: string): string[] => [
    ...new Set([...text.matchAll(/lalanh_[a-z_]+/g)].map(([name]) => name.replace(/_bucket$/, ''))),
  ];

  it('ask for metrics that some service has', () => {
    const asked = [
      ...metricsIn(read('prometheus/rules.yml')),
      ...metricsIn(read('grafana/dashboards/la-lanh.json')),
    ];
    expect(asked.filter((name) => !sources.includes(name))).toStrictEqual([]);
  });

  it('say in both languages what happened and what to do', () => {
    const { groups } = parse(read('prometheus/rules.yml')) as {
      groups: { rules: { alert?: string; annotations?: Record<string, string> }[] }[];
    };
    const alerts = groups.flatMap(({ rules }) => rules).filter(({ alert }) => alert !== undefined);
    const silent = alerts.filter(
      ({ annotations = {} }) =>
        !annotations['summary']?.includes(' / ') || !annotations['action']?.includes(' / '),
    );
    expect([silent, alerts.length > 0]).toStrictEqual([[], true]);
  });

  const promtool = findJudge('promtool');
  it.skipIf(promtool === undefined)('are what promtool takes, and fire when they should', () => {
    const check = promtool?.(['check', 'rules', join(infra, 'prometheus/rules.yml')]);
    expect([check?.code, check?.stdout.includes('SUCCESS')]).toStrictEqual([0, true]);
    const test = promtool?.(['test', 'rules', join(infra, 'prometheus/rules.test.yml')]);
    expect([test?.code, test?.stdout.includes('FAILED')]).toStrictEqual([0, false]);
    expect(promtool?.(['check', 'config', join(infra, 'prometheus/prometheus.yml')]).code).toBe(0);
  });
});

describe('the chart', () => {
  const templates = readdirSync(join(infra, 'helm/la-lanh/templates'))
    .map((name) => read(`helm/la-lanh/templates/${name}`))
    .join('\n');

  it('takes every value it asks for from values.yaml', () => {
    const values = parse(read('helm/la-lanh/values.yaml')) as Record<string, unknown>;
    const asked = [...templates.matchAll(/\.Values\.([a-zA-Z]+)(?:\.([a-zA-Z]+))?/g)];
    const missing = asked.filter(([, top = '', inner]) => {
      const value = values[top];
      return value === undefined || (inner !== undefined && !(inner in (value as object)));
    });
    expect([missing.map(([name]) => name), asked.length > 0]).toStrictEqual([[], true]);
  });

  it('brings the same door, alerts and dashboard as the compose files', () => {
    const files = [...templates.matchAll(/\.Files\.Get "([^"]+)"/g)].map(([, name = '']) => name);
    expect(files.filter((name) => !existsSync(join(infra, 'helm/la-lanh', name)))).toStrictEqual([]);
    expect(read('helm/la-lanh/files/rules.yml')).toBe(read('prometheus/rules.yml'));
    expect(read('helm/la-lanh/files/default.conf.template')).toBe(read('proxy/default.conf.template'));
  });
});
