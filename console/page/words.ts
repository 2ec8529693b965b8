import type { Activity } from '../../shared/domain/activity.ts';
import { dayMs } from '../../shared/units.ts';
import { inChinese } from './in-chinese.ts';

const english = {
  language: '中文',
  dark: 'Dark',
  light: 'Light',
  desired: 'desired',
  inService: 'in service',
  load: 'CPU %',
  window: 'window',
  scaleOut: 'scale out',
  scaleIn: 'scale in',
  heldBack: 'held back',
  serverLost: 'server lost',
  steady: 'steady',
  growing: 'scaling out',
  shrinking: 'scaling in',
  nearing: 'about to act',
  inAlarm: 'in alarm',
  missing: 'not there',
  paused: 'paused',
  lastChange: 'Last change',
  now: 'Now',
  rules: 'What each rule says',
  more: 'more',
  layers: 'What makes up the number',
  servers: 'Servers',
  unit: 'servers',
  pending: 'starting',
  ready: 'in service',
  unhealthy: 'in service, unhealthy',
  leaving: 'leaving',
  standby: 'set aside',
  protected: 'protected from scale-in',
  bump: 'Bump',
  pause: 'Pause',
  resume: 'Resume',
  adopt: 'Adopt',
  log: 'Activity log',
  search: 'Search',
  time: 'Time',
  group: 'Group',
  change: 'Change',
  why: 'Why',
  status: 'Status',
  upcoming: 'The next 14 days',
  opens: 'Opens',
  closes: 'Closes',
  effect: 'Effect',
  none: 'none',
  world: 'The local world',
  speed: 'Speed of time',
  flashCrowd: 'Flash crowd',
  killServer: 'Kill a server',
  reason: 'Reason',
  adjustment: 'Servers to add (negative: to remove)',
  duration: 'For how long, like 2h (empty: for good)',
  direction: 'Direction',
  both: 'out and in',
  out: 'out only',
  in: 'in only',
  instances: 'Instance ids, separated by spaces',
  confirm: 'Do it',
  cancel: 'Cancel',
  pausedBy: 'Paused by',
  picture: 'the last day: desired, in service, CPU; arrow keys go from change to change',
  unreachable: 'The console does not answer: is the command that serves it still running?',
  unreadable: 'The fleet cannot be read',
  asOf: 'What is shown is as of',
  loading: 'Reading the fleet …',
  moreRows: 'more: search to narrow the list',
  crowdComes: 'A flash crowd is on its way to',
  serverDies: 'A server dies in',
  reasonNeeded: 'A reason is needed: it is kept in the history.',
};

export type Word = keyof typeof english;

const chinese: Record<Word, string> = {
  language: 'English',
  dark: '深色',
  light: '浅色',
  desired: '期望容量',
  inService: '服务中',
  load: 'CPU %',
  window: '时间窗口',
  scaleOut: '扩容',
  scaleIn: '缩容',
  heldBack: '未执行',
  serverLost: '服务器丢失',
  steady: '稳定',
  growing: '正在扩容',
  shrinking: '正在缩容',
  nearing: '即将触发',
  inAlarm: '告警中',
  missing: '不存在',
  paused: '已暂停',
  lastChange: '最近变化',
  now: '现在',
  rules: '各规则的判断',
  more: '更多',
  layers: '当前数量的构成',
  servers: '服务器',
  unit: '台服务器',
  pending: '启动中',
  ready: '服务中',
  unhealthy: '服务中，不健康',
  leaving: '退出中',
  standby: '已搁置',
  protected: '缩容保护',
  bump: '手动调整',
  pause: '暂停',
  resume: '恢复',
  adopt: '纳管',
  log: '伸缩活动记录',
  search: '搜索',
  time: '时间',
  group: '伸缩组',
  change: '变化',
  why: '原因',
  status: '状态',
  upcoming: '未来 14 天',
  opens: '开始',
  closes: '结束',
  effect: '作用',
  none: '无',
  world: '本地世界',
  speed: '时间速度',
  flashCrowd: '突发流量',
  killServer: '终止一台服务器',
  reason: '原因',
  adjustment: '增加的服务器数（负数为减少）',
  duration: '持续时间，如 2h（留空为长期）',
  direction: '方向',
  both: '扩容和缩容',
  out: '仅扩容',
  in: '仅缩容',
  instances: '实例 ID，以空格分隔',
  confirm: '执行',
  cancel: '取消',
  pausedBy: '暂停者',
  picture: '最近一天：期望容量、服务中、CPU；方向键逐个查看变化',
  unreachable: '控制台没有响应：提供页面的命令是否仍在运行？',
  unreadable: '无法读取集群',
  asOf: '当前显示的数据截至',
  loading: '正在读取集群……',
  moreRows: '条未显示：请用搜索缩小范围',
  crowdComes: '突发流量即将到达',
  serverDies: '一台服务器即将终止',
  reasonNeeded: '需要填写原因：它会保存在历史记录中。',
};

const kept = localStorage.getItem('language') ?? navigator.language;
let chosen: 'en' | 'zh' = kept.startsWith('zh') ? 'zh' : 'en';

export function say(word: Word): string {
  return chosen === 'zh' ? chinese[word] : english[word];
}

/** A sentence of the engine, in the language of the page. */
export function sentence(text: string): string {
  return chosen === 'zh' ? inChinese(text) : text;
}

const chineseStatus: Record<Activity['statusCode'], string> = {
  PreInService: '准备中',
  InProgress: '进行中',
  Successful: '成功',
  Failed: '失败',
  Cancelled: '已取消',
};

/** AWS's status of an activity. */
export function statusWord(code: Activity['statusCode']): string {
  return chosen === 'zh' ? chineseStatus[code] : code;
}

const chineseLayers: Readonly<Record<string, string>> = {
  base: '基础',
  granted: '临时增加',
  tracked: '跟踪',
  floor: '下限',
  lifted: '叠加',
  maximum: '上限',
  goal: '目标',
};

/** A layer of the capacity. */
export function layerWord(layer: string): string {
  return chosen === 'zh' ? (chineseLayers[layer] ?? layer) : layer;
}

export function language(): 'en' | 'zh' {
  return chosen;
}

export function switchLanguage(): void {
  chosen = chosen === 'en' ? 'zh' : 'en';
  localStorage.setItem('language', chosen);
}

/** The time alone within a day of `now`, with its day before and after. */
export function nearFormatter(timeZone: string, now: string): (at: string | number) => string {
  const [near, far] = [formatter(timeZone, false), formatter(timeZone, true)];
  const distanceMs = (at: string | number) => Math.abs(new Date(at).getTime() - Date.parse(now));
  return (at) => (distanceMs(at) < dayMs ? near(at) : far(at));
}

/** How instants read on the fleet's clock: `21:23`, with the day `Wed 4 Mar, 21:23`. */
export function formatter(timeZone: string, withDay: boolean): (at: string | number) => string {
  const format = new Intl.DateTimeFormat(chosen === 'zh' ? 'zh-CN' : 'en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...(withDay && { month: 'short', day: 'numeric', weekday: 'short' }),
  });
  return (at) => format.format(new Date(at));
}
