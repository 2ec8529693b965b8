import { describe, expect, it } from 'vitest';
import type { Party } from '../../../shared/domain/sentence.ts';
import type { Catalogue } from '../../../shared/sentences/catalogue.ts';
import { english } from '../../../shared/sentences/en.ts';
import { korean } from '../../../shared/sentences/ko.ts';
import { languageOf, languages } from '../../../shared/sentences/language.ts';
import { speaker } from '../../../shared/sentences/speaker.ts';
import { chinese } from '../../../shared/sentences/zh.ts';
import { sampleKeys, sampleMoment, sampleOf } from '../../kit/sample-sentences.ts';

const catalogues: readonly Catalogue[] = [english, chinese, korean];
const counts = [0, 1, 2, 7];
const scripts = { en: /[a-z]/, zh: /[\u4e00-\u9fff]/, ko: /[\uac00-\ud7a3]/ } as const;

/** Names and words of AWS that no language translates. */
const names =
  /cpu-high|cpu|requestsPerTarget|lunch-web|lunch|shop|memory|ann|release 7|i-\d+|app\/\w+\/\d|r1|metrics|minSize|maxSize|ALARM|OK|INSUFFICIENT_DATA|RollbackInProgress|InsufficientInstanceCapacity|TaskFailedToStart|behavior\.scale(Up|Down)|Disabled|disableScaleIn|attach: i-1 is in another zone|rushhour doctor|rushhour history|Rushhour|Auto Scaling|taken out of service after a health check|stopping/g;

it('there is a catalogue for each language', () => {
  expect(catalogues.map(({ language }) => language)).toEqual([...languages]);
});

it.each([
  ['zh_CN.UTF-8', 'zh'],
  ['ko-KR', 'ko'],
  ['en_GB.UTF-8', 'en'],
  ['C.UTF-8', 'en'],
  ['de_DE', 'en'],
  [undefined, 'en'],
] as const)('whoever reads in %s reads %s', (locale, language) => {
  expect(languageOf(locale)).toBe(language);
});

it('no two languages say the same', () => {
  const [en, zh, ko] = catalogues.map((catalogue) => speaker(catalogue, 'UTC'));
  // What the provider says, it says in its own words; a window that adds servers says it in signs.
  const wordless = new Set(['providerSays', 'windowAdds']);
  for (const key of sampleKeys.filter((each) => !wordless.has(each))) {
    const said = [en, zh, ko].map((each) => each!.sentence(sampleOf(key, 2), sampleMoment));
    expect(new Set(said).size, said.join('\n')).toBe(3);
  }
});

describe.each(catalogues)('in $language', (catalogue) => {
  const { language, sentence, message, status, servers } = speaker(catalogue, 'Asia/Shanghai');
  const all = sampleKeys.flatMap((key) =>
    counts.map((n) => ({ key, n, text: sentence(sampleOf(key, n), sampleMoment) })),
  );

  it.each(sampleKeys)('%s reads with 0, 1 and many', (key) => {
    for (const { n, text } of all.filter((each) => each.key === key)) {
      expect(text, `${key} ${n}`).toMatch(/\S/);
      expect(text, `${key} ${n}`).not.toMatch(/undefined|NaN|null|\[object|false|true|\bInvalid/);
      expect(text, `${key} ${n}: a hyphen for a minus`).not.toMatch(/(?<![\w-])-\d/);
      expect(text, `${key} ${n}`).not.toMatch(/ {2}|^\s|\s$|\( |\(\)|（）/);
    }
  });

  it('is of its own script, and leaves no word of another language', () => {
    for (const { key, n, text } of all.filter(({ key }) => key !== 'windowAdds' && key !== 'providerSays')) {
      expect(text, `${key} ${n}`).toMatch(scripts[language]);
      if (language !== 'en') expect(text.replaceAll(names, ''), `${key} ${n}`).not.toMatch(/[A-Za-z]{3,}/);
    }
  });

  it('counts servers as people do', () => {
    const expected = {
      en: ['0 servers', '1 server', '1,200 servers'],
      zh: ['0 台服务器', '1 台服务器', '1,200 台服务器'],
      ko: ['서버 0대', '서버 1대', '서버 1,200대'],
    };
    expect([0, 1, 1200].map(servers)).toEqual(expected[language]);
  });

  it('speaks of tasks and pods where a group is made of them, and never of servers', () => {
    const units = { tasks: 'task', pods: 'pod' } as const;
    const both = speaker(catalogue, 'UTC', (group) => units[group as keyof typeof units]);
    const server = { en: /\bservers?\b/, zh: /服务器|台/, ko: /서버|\d대/ }[language];
    // What a Spot server is, AWS says; what a person or a provider says is theirs.
    const ofServers = new Set(['serversLost', 'serverWantedBack', 'providerSays']);
    for (const key of sampleKeys.filter((each) => !ofServers.has(each))) {
      const [task, pod] = ['tasks', 'pods'].map((group) =>
        both.of(group).sentence(sampleOf(key, 2), sampleMoment),
      );
      expect(task, key).not.toMatch(server);
      expect(pod, key).not.toMatch(server);
      expect(task! + pod!, key).not.toMatch(/[\ue000-\uf8ff]/);
    }
    const expected = {
      en: ['1 task', '4 pods', 'tasks', 'pod'],
      zh: ['1 个任务', '4 个 Pod', '个任务', '个 Pod'],
      ko: ['태스크 1개', '파드 4개', '개', '개'],
    };
    const [tasks, pods] = [both.of('tasks'), both.of('pods')];
    expect([tasks.servers(1), pods.servers(4), tasks.counted(2), pods.counted(1)]).toEqual(
      expected[language],
    );
    const why = { key: 'serversMissing', servers: 2 } as const;
    expect(both.message('tasks', { from: 3, to: 3, reason: 'ServersLost', why }, sampleMoment)).not.toMatch(
      server,
    );
  });

  it('names every status and everybody who asks', () => {
    for (const code of ['PreInService', 'InProgress', 'Successful', 'Failed', 'Cancelled'] as const)
      expect(status(code)).toMatch(scripts[language]);
    const kinds = Object.keys(catalogue.parties) as Party['kind'][];
    for (const kind of kinds) expect(catalogue.parties[kind]('x')).not.toBe('');
  });

  it('says where the group goes, where it stays and what has happened', () => {
    const why = { key: 'atGoal' } as const;
    const said = [
      message('web', { from: 3, to: 5, reason: 'AlarmScaleOut', why }, sampleMoment),
      message('web', { from: 3, to: 3, reason: 'AtGoal', why }, sampleMoment),
      message('web', { from: 3, to: 3, reason: 'Resumed', why }, sampleMoment),
    ];
    const expected = {
      en: ['web 3 → 5: ', 'web stays at 3: ', 'web: '],
      zh: ['web 3 → 5：', 'web 保持 3 台：', 'web：'],
      ko: ['web 3 → 5: ', 'web 3대 유지: ', 'web: '],
    };
    for (const [index, text] of said.entries())
      expect(text.startsWith(expected[language][index]!)).toBe(true);
  });

  it('gives a far moment its day', () => {
    const near = sentence({ key: 'coolingDown', until: sampleMoment + 3_600_000 }, sampleMoment);
    const far = sentence({ key: 'coolingDown', until: sampleMoment + 86_400_000 }, sampleMoment);
    const days = { en: '5 March', zh: '3月5日', ko: '3월 5일' };
    expect(near).toContain('13:00');
    expect(near).not.toContain(days[language]);
    expect(far).toContain(days[language]);
  });
});

describe('English', () => {
  const { sentence } = speaker(english, 'UTC');

  it('says one of one thing', () => {
    const said = sampleKeys.map((key) => sentence(sampleOf(key, 1), sampleMoment));
    const wrong =
      /\b1 (servers|activities|bumps|targets|were|are|wait|stay|fail)\b|\bi-1 (are|fail|join|watch)\b/;
    expect(said.filter((text) => wrong.test(text))).toEqual([]);
  });

  it.each([
    [{ key: 'serversProtected', ids: ['i-1'] }, 'i-1 is protected from scale-in'],
    [{ key: 'serversProtected', ids: ['i-1', 'i-2'] }, 'i-1 and i-2 are protected from scale-in'],
    [{ key: 'refusedTimes', times: 1 }, 'refused once'],
    [{ key: 'refusedTimes', times: 12 }, 'refused 12 times'],
    [
      { key: 'fewAreHealthy', healthy: 1, inService: 4 },
      'only 1 of 4 servers is healthy at the load balancer',
    ],
    [{ key: 'grantEnded', grant: { kind: 'bump', name: 'ann' }, change: -2 }, 'the bump by ann ended (−2)'],
  ] as const)('%j', (says, text) => {
    expect(sentence(says, sampleMoment)).toBe(text);
  });
});

describe('Chinese', () => {
  const { sentence } = speaker(chinese, 'UTC');
  it('keeps what a person gave as the reason, whatever it says', () => {
    const reason = '发布 v2 晚了';
    expect(sentence({ key: 'resumed', owner: 'ann', reason }, sampleMoment)).toBe(`ann 已恢复（${reason}）`);
  });

  it('has a space before and after what is written in other letters, and none between its own', () => {
    const grants = [{ kind: 'window', name: 'lunch' } as const, { kind: 'bump', name: 'ann' } as const];
    expect(sentence({ key: 'thereAlready', later: { servers: 6, grants } }, sampleMoment)).toBe(
      '已是该数量；时间窗口 lunch 和 ann 的临时调整结束后为 6 台',
    );
  });
});
