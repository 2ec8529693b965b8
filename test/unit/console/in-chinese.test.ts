import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { pairs } from '../../../console/page/chinese-sentences.ts';
import { inChinese } from '../../../console/page/in-chinese.ts';
import { generatedDay } from '../../../local/fleet-world.ts';
import { readFleet } from '../../../shared/fleet/read-fleet.ts';
import { backtest } from '../../../simulate/backtest.ts';
import { literalsOf } from './literals-of.ts';

describe('a sentence of the engine in Chinese', () => {
  it.each([
    ["business 3 → 5: window 'lunch' opened (+2)", 'business 3 → 5：时间窗口 lunch 开始（+2）'],
    ['business stays at 3: it is where it should be', 'business 保持 3 台：已达目标'],
    [
      "business stays at 4: window 'lunch' has closed and asks for 3, but cpu would then be 78.9 and trip cpu-high (70)",
      'business 保持 4 台：时间窗口 lunch 已结束，请求 3 台，但届时 cpu 为 78.9，会触发 cpu-high（70）',
    ],
    [
      'cpu-high is OK since 16:38 on 27 November: it asks for 5 once cpu is above 70 (now unknown)',
      'cpu-high 自 11 月 27 日 16:38 起为 OK：cpu 高于 70（当前未知）时请求 5 台',
    ],
    [
      'business 5 → 10: +9 by ann (sale) until 21:21, 14 is out of bounds',
      'business 5 → 10：ann 调整 +9（sale），至 21:21，14 超出范围',
    ],
    [
      "business 5 → 8: set by ann (evening); 6 once window 'lunch' is over",
      'business 5 → 8：ann 设定（evening）；时间窗口 lunch 结束后为 6 台',
    ],
    [
      'session stays at 1: ann asks for 2, but it is paused by bob until 19:51 (migration)',
      'session 保持 1 台：ann 请求 2 台，但已被 bob 暂停至 19:51（migration）',
    ],
    [
      'web stays at 3: cpu-high: cpu is 99.75, above 70: 1 of 3 periods; acts about 16:24 (+2)',
      'web 保持 3 台：cpu-high：cpu 为 99.75，高于 70：3 个周期中的 1 个；约 16:24 触发（+2）',
    ],
    [
      'api stays at 9: cpu is 44 (target 50), which needs 9 with 10 % to spare',
      'api 保持 9 台：cpu 为 44（目标 50），留出 10% 余量需要 9 台',
    ],
    [
      'api stays at 6: cpu is 31.2 (target 50), which needs 4, but the stabilization window holds 6',
      'api 保持 6 台：cpu 为 31.2（目标 50），需要 4 台，但稳定窗口保持 6 台',
    ],
    [
      "business 5 → 6: window 'tea' opened (+3, 2 from window 'lunch' and window 'sale', 4 were asked for)",
      'business 5 → 6：时间窗口 tea 开始（+3，其中 2 台来自时间窗口 lunch 和时间窗口 sale，请求为 4）',
    ],
    [
      "business stays at 5: window 'tea' opened (+2), and takes over 2 from window 'lunch'",
      'business 保持 5 台：时间窗口 tea 开始（+2），接管时间窗口 lunch 的 2 台',
    ],
    [
      'session stays at 1: ann asks to resume it, but it is not paused',
      'session 保持 1 台：ann 请求恢复，但并未暂停',
    ],
    ['maxSize allows at most 10', 'maxSize 最多允许 10 台'],
    ['superseded: desired is 6', '已被取代：期望容量为 6'],
    [
      "web 1 → 2: window 'office' opened (+1) – Successful",
      'web 1 → 2：时间窗口 office 开始（+1） – Successful',
    ],
    [
      'web 3 → 5: +2 by ann (sale) – Failed: 5 could not be set',
      'web 3 → 5：ann 调整 +2（sale） – Failed：未能设置为 5 台',
    ],
    [
      'web stays at 3: cpu-low asks for 2, but 3 are to stay until the bump of ann is over',
      'web 保持 3 台：cpu-low 请求 2 台，但 ann 的手动调整结束前至少保留 3 台',
    ],
    [
      'web stays at 4: cpu asks for 3, but behavior.scaleDown allows no fewer than 4 now',
      'web 保持 4 台：cpu 请求 3 台，但 behavior.scaleDown 目前至少保留 4 台',
    ],
    ['memory is to be kept at 80 (now unknown)', 'memory 应保持在 80（当前未知）'],
  ])('%s', (english, chinese) => {
    expect(inChinese(english)).toBe(chinese);
  });

  it('keeps what a person gave as the reason, whatever it says', () => {
    const reason = 'it is where it should be, window or not';
    expect(inChinese(`web 3 → 4: +1 by ann (${reason})`)).toBe(`web 3 → 4：ann 调整 +1（${reason}）`);
  });

  it('stays English where nobody has translated it', () => {
    expect(inChinese('something new')).toBe('something new');
  });

  it('has words for all that the engine can say', () => {
    const translated = pairs.flatMap(([english]) => english.split(/\{[^}]+\}/));
    const said = globSync('shared/{domain,objective}/**/*.ts')
      .flatMap((file) => literalsOf(readFileSync(file, 'utf8')))
      .filter((text) => /[a-z]{2,} [a-z]{2,}/.test(text))
      .map((text) => text.replace(/^\W+|\W+$/g, ''));
    expect(said.length).toBeGreaterThan(90);
    expect(said.filter((text) => !translated.some((part) => part.includes(text)))).toEqual([]);
  });

  it.each([
    ['as it ships', (text: string) => text],
    ['with an objective', withObjective],
  ])('leaves no English of a whole day of the example fleet, %s', async (_, change) => {
    const fleet = readFleet(change(readFileSync('fleet.yaml', 'utf8')), 'fleet.yaml');
    const start = Date.parse('2026-03-03T16:00:00Z');
    const loads = new Map(
      Object.keys(fleet.groups).map((group) => {
        const load = generatedDay(fleet, group);
        return [group, Float64Array.from({ length: 1440 }, (_, minute) => load(start + minute * 60_000))];
      }),
    );
    const result = await backtest({ fleet, start, loads });
    const activities = [...result.values()].flatMap((run) => run.activities);
    expect(activities.length).toBeGreaterThan(9);
    const said = activities.flatMap(({ message, statusMessage = '' }) => [message, statusMessage]);
    expect(said.map(inChinese).filter((text) => /[a-z]{2,} [a-z]{2,}/.test(text))).toEqual([]);
  });
});

function withObjective(text: string): string {
  return text.replace(
    /alarms:.*?simulation:/s,
    'objective: { unserved: 0.1%, metric: cpu, targetValue: 60 }\n    simulation:',
  );
}
