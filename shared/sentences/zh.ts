import type { Condition, ForecastNumbers, Later } from '../domain/sentence.ts';
import type { Catalogue, Words } from './catalogue.ts';
import { spaced as zh } from './spaced.ts';
import { unit } from './unit.ts';

const causes = { missing: '没有数据点', failed: '读取失败' } as const;
const losses = {
  terminated: '在伸缩组之外被停止或终止',
  unhealthy: '未通过健康检查',
  interrupted: '被云平台回收（如竞价实例中断）',
  replaced: '由伸缩组替换',
  byHand: '由他人通过伸缩组移除',
  unknown: '伸缩组未说明原因',
} as const;
const kinds = { capacity: '容量不足', quota: '配额不足', image: '镜像问题', other: '其他原因' } as const;
const directions = { both: '伸缩', out: '扩容', in: '缩容' } as const;
const processes = { launching: '启动', terminating: '终止' } as const;
const statuses = {
  PreInService: '准备中',
  InProgress: '进行中',
  Successful: '成功',
  Failed: '失败',
  Cancelled: '已取消',
} as const;

/** What the engine says, in Chinese, with the words of Tencent Cloud's, Alibaba Cloud's and AWS's documents. */
export const chinese: Catalogue = {
  language: 'zh',
  units: {
    server: { one: '服务器', many: '服务器', count: '台' },
    task: { one: '任务', many: '任务', count: '个' },
    pod: { one: 'Pod', many: 'Pod', count: '个' },
  },
  servers: (count, { number }) => `${number(count)} ${unit.count}${unit.one}`,
  counted: () => `${unit.count}${unit.one}`,
  sentences: {
    firstContact: ({ servers }) => zh`首次接管，现有 ${servers} ${unit.count}`,
    initialCapacity: () => '首次接管，应用初始实例数',
    windowOpened({ window, added, inherited, there, asked }, { signed, parties }) {
      const parts = [
        signed(added),
        inherited && zh`其中 ${inherited.servers} ${unit.count}来自${parties(inherited.from)}`,
        there && zh`${there} ${unit.count}已在运行`,
        asked && zh`请求为 ${asked} ${unit.count}`,
      ];
      return zh`时间窗口 ${window} 开始（${parts.filter(Boolean).join('，')}）`;
    },
    windowOpenedAtMaximum: ({ window, asked, maximum }, { signed }) =>
      zh`时间窗口 ${window} 开始（${signed(asked)}），但已达上限 ${maximum} ${unit.count}`,
    windowOpenedWithEnough: ({ window, asked }, { signed }) =>
      zh`时间窗口 ${window} 开始（${signed(asked)}），但现有数量已足够`,
    windowTookOver: ({ window, asked, servers, from, granted }, { signed, parties }) =>
      zh`时间窗口 ${window} 开始（${signed(asked)}），接管${parties(from)}的 ${servers} ${unit.count}${
        granted < asked ? zh`，请求为 ${asked} ${unit.count}` : ''
      }`,
    windowAddsNothing: ({ window, percent, own }, words) =>
      zh`时间窗口 ${window} 开始（${own} ${unit.count}的 +${words.percent(percent / 100)} 为 0）`,
    windowEndMoved: ({ window, until }, { time }) => zh`时间窗口 ${window} 的结束时间改为 ${time(until)}`,
    grantEnded: ({ grant, change }, { party, signed }) =>
      zh`${party(grant)}${ends(grant)}（${signed(change)}）`,
    grantEndedWithNothing: ({ grant }, { party }) =>
      zh`${party(grant)}${ends(grant)}，没有需要归还的${unit.one}`,
    grantEndedAndWaits: ({ grant, servers }, { party, signed }) =>
      zh`${party(grant)}${ends(grant)}，其 ${signed(servers)} ${unit.count}等待归还`,
    alarmScales: ({ rule, moved, change, asked }, { number, signed }) =>
      zh`告警 ${rule}${moved ? zh`，${moved.metric} 为 ${number(moved.value)}` : ''}（${signed(change)}${asked === undefined ? '' : zh`，请求为 ${asked} ${unit.count}`}）`,
    metricNeeds: ({ metric, value, target, servers, spare, change }, words) =>
      zh`${metric} 为 ${words.number(value)}（目标 ${words.number(target)}），${spare === undefined ? '' : zh`留出 ${words.percent(spare)} 余量`}需要 ${servers} ${unit.count}${by(change, words)}`,
    floorEnded: ({ holder, change }, words) => zh`${words.party(holder)}不再要求更多${by(change, words)}`,
    askedForLess: ({ servers, change }, words) => zh`只需要 ${servers} ${unit.count}${by(change, words)}`,
    floorIs: ({ holder, servers, change }, words) =>
      zh`${words.party(holder)}要求至少 ${servers} ${unit.count}${by(change, words)}`,
    minimumIs: ({ servers, change }, words) => zh`下限为 ${servers} ${unit.count}${by(change, words)}`,
    maximumIs: ({ holder, servers, change }, words) =>
      zh`${words.party(holder)}最多允许 ${servers} ${unit.count}${by(change, words)}`,
    limitIsGone: ({ holder, change }, words) => zh`${words.party(holder)}不再限制${by(change, words)}`,
    askedBefore: ({ servers, change }, words) => zh`此前已请求 ${servers} ${unit.count}${by(change, words)}`,
    manualChange({ owner, reason, adjustment, until, wanted, later }, words) {
      const what = adjustment === undefined ? '设定' : zh`调整 ${words.signed(adjustment)}`;
      const end = until === undefined ? '' : zh`，至 ${words.time(until)}`;
      const clamped = wanted === undefined ? '' : zh`，${words.number(wanted)} ${unit.count}超出范围`;
      return zh`${owner} ${what}（${reason}）${end}${clamped}${afterwards(later, words)}`;
    },
    externalChange: ({ bound, size }) => (bound ? zh`外部修改（${bound} 为 ${size ?? 0}）` : '外部修改'),
    serversJoin: ({ ids }, { list }) => zh`配置文件中的 ${list(ids)} 加入`,
    serversLeave: ({ ids }, { list }) => zh`${list(ids)} 已不在配置文件中`,
    serversAdoptedByHand: ({ ids, owner, reason, already }, { list }) =>
      zh`${owner} 纳管 ${list(ids)}（${reason}）${already ? '；已在组内' : ''}`,
    serversKept: ({ servers }) => zh`配置文件中有 ${servers} ${unit.count}${unit.one}在组内`,
    serversProtected: ({ ids }, { list }) => zh`${list(ids)} 已设为免于缩容`,
    unhealthyAreReplaced: ({ replaced }) =>
      replaced ? `重新开始替换不健康的${unit.one}` : `不健康的${unit.one}仅通知，不替换`,
    adoptedServersHealth: ({ unhealthy, recovered }, { list }) =>
      news(
        unhealthy.length > 0 && zh`${list(unhealthy)} 未通过健康检查，且不会被替换`,
        recovered.length > 0 && zh`${list(recovered)} 已恢复健康`,
      ) || `一${unit.count}不健康的${unit.one}已不在组内`,
    targetsHealth: ({ unhealthy, recovered, watched }, { list }) =>
      news(
        unhealthy.length > 0 && zh`${list(unhealthy)} 未通过负载均衡器的健康检查；没有伸缩活动在等待`,
        recovered.length > 0 && zh`${list(recovered)} 已恢复健康`,
      ) || (watched === 0 ? '已没有不健康的目标' : zh`将再次检查 ${watched} 个不健康的目标`),
    rolloutFailed: ({ says, rolledBack }) =>
      zh`发布失败，${rolledBack ? '正在恢复先前的版本' : zh`再次发布之前不会启动新的${unit.one}`}：${says}`,
    alarmsAreStale: ({ rules, behind }, { list }) =>
      zh`${list(rules)} 监视的负载均衡器已不再对应目标组（现为${behind ?? '无负载均衡器'}）：请写入配置文件并部署`,
    alarmsAreRight: () => '告警重新监视正确的负载均衡器',
    paused: ({ direction, owner, reason, until }, { time }) =>
      zh`${directions[direction]}已被 ${owner} 暂停${until === undefined ? '，直到手动恢复' : zh`至 ${time(until)}`}（${reason}）`,
    resumed: ({ owner, reason }) => zh`${owner} 已恢复（${reason}）`,
    pauseEnded: ({ owner, reason }) => zh`暂停已到期（${owner}：${reason}）`,
    serversLost: ({ ids, more, cause }, { list, number }) =>
      zh`失去 ${list(ids)}${more > 0 ? zh`等 ${number(more + ids.length)} ${unit.count}` : ''}：${losses[cause]}`,
    serversLostAtOnce: ({ servers }) => zh`失去 ${servers} ${unit.count}${unit.one}`,
    serverWantedBack: ({ id }) => zh`云平台将在几分钟内收回 ${id}（竞价实例中断）`,
    serversLostWithinHour: ({ servers, group }) =>
      zh`一小时内失去了 ${servers} ${unit.count}${unit.one}：原因见 rushhour history ${group}`,
    serversReplaced: ({ servers }) => zh`已补齐：${servers} ${unit.count}服务中`,
    serversMissing: ({ servers }) => zh`缺少 ${servers} ${unit.count}，伸缩组正在补充`,
    lostLately({ latest, earlier, replaced }, { number, time }) {
      const named = latest.map(({ id, at, cause }) => zh`…${id}（${time(at)}，${losses[cause]}）`);
      const all = earlier > 0 ? [...named, zh`此前另有 ${number(earlier)} ${unit.count}`] : named;
      return `${all.join('、')}；${replaced ? '已补齐' : '尚未全部补齐'}`;
    },
    groupMissing: ({ long }) => `伸缩组不存在${long ? '：是否已部署？名称是否正确？' : ''}`,
    groupFound: () => '伸缩组重新出现',
    eventTooLate: ({ window, edge, at, minutes }, words) =>
      zh`时间窗口 ${window} 在 ${words.time(at)} 的${edge === 'start' ? '开始' : '结束'}事件迟到了 ${words.minutes(minutes)}，不予执行`,
    requestIsKnown: ({ requestId }) => zh`请求 ${requestId} 此前已执行`,
    lookUpFirst: ({ need }) => zh`需要先查询 ${need}`,

    activityBegan: ({ from, to, why }, { sentence }) => zh`${from} → ${to} 进行中：${sentence(why)}`,
    activityRetried: ({ from, to }) => zh`${from} → ${to} 尚未生效，正在重试`,
    activityEnded: ({ from, to, status, why, detail }, { sentence }) =>
      zh`${from} → ${to} ${statuses[status]}：${sentence(why)}${detail ? zh`；${sentence(detail)}` : ''}`,
    activitiesForgotten: (says, { list }) =>
      list(says.ended.map(({ to, status }) => zh`调整到 ${to} ${unit.count}的活动${statuses[status]}`)),
    launchesFail: ({ kind, says }) => zh`启动失败（${kinds[kind]}）：${says}`,
    launchesStillFail: ({ to, failure }, { sentence }) =>
      zh`尚未达到 ${to} ${unit.count}：${sentence(failure)}`,
    launchesSucceed: () => '启动已恢复正常',
    serversWereThere: () => `其${unit.one}已在组内`,
    serversWereGone: () => `其${unit.one}此前已不在组内`,
    someWereGone: ({ ids }, { list }) => zh`${list(ids)} 此前已不在组内；其余${unit.one}将再次移出`,
    groupIsUntouchable: () => '当前不得变更该组',
    setByOthers: ({ servers }) => zh`已被改设为 ${servers} ${unit.count}`,
    outOfBounds: ({ servers, minSize, maxSize }) => zh`${servers} ${unit.count}已超出 ${minSize}…${maxSize}`,
    couldNotBeSet: ({ servers }) => zh`未能设置为 ${servers} ${unit.count}`,
    superseded: ({ desired }) => zh`已被取代：期望实例数为 ${desired}`,
    readyTooFew: ({ ready, to, why }, { sentence }) =>
      zh`到截止时间，${to} ${unit.count}中仅 ${ready} ${unit.count}就绪${why ? zh`；${sentence(why)}` : ''}`,
    keptByProtection: ({ servers }) => zh`另有 ${servers} ${unit.count}免于缩容，保留至保护到期`,
    stillLeaving: () => `到截止时间仍有${unit.one}未退出`,
    notFollowed: ({ activities }) => zh`不再跟踪：还有 ${activities} 个伸缩活动进行中`,
    groupDeleted: () => '伸缩组已随其堆栈一起删除',
    scalerDeleted: () => '伸缩器已随其堆栈一起删除',
    groupGone: () => '伸缩组已不存在',
    providerSays: ({ says, doctor }) => (doctor ? zh`${says}；请运行 rushhour doctor 查看处理办法` : says),
    refusedTimes: ({ times }) => zh`已拒绝 ${times} 次`,

    atGoal: () => '已达目标数量',
    asksBut: ({ who, moved, to, ended, but }, words) => {
      const value = moved ? zh`（${moved.metric} 为 ${words.number(moved.value)}）` : '';
      const asker = ended ? zh`${words.party(who)}${ends(who)}，` : zh`${words.party(who)}${value}`;
      const what = to === undefined ? '处于 ALARM' : zh`请求 ${to} ${unit.count}`;
      return zh`${asker}${/[a-z0-9]$/i.test(asker) ? ' ' : ''}${what}，但${words.sentence(but)}`;
    },
    observesOnly: ({ from, to, why }, { sentence }) =>
      zh`本应 ${from} → ${to}，但仅为观察模式：${sentence(why)}`,
    groupDeploying: () => `其堆栈仍在部署，尚无法释放${unit.one}`,
    processSuspended: ({ process }) => `${processes[process]}${unit.one}的进程已暂停`,
    groupMaximum: ({ servers }) => zh`伸缩组自身的上限为 ${servers} ${unit.count}`,
    activitiesAreOpen: ({ activities }) => zh`还有 ${activities} 个伸缩活动未完成`,
    bumpsAreOpen: ({ bumps }) => zh`还有 ${bumps} 个临时调整未到期`,
    launchesHeld: ({ failure, retryAt }, { sentence, time }) =>
      zh`${sentence(failure)}；${time(retryAt)} 重试`,
    minSizeIs: ({ servers }) => zh`minSize 为 ${servers}`,
    activityIsOpen: () => '其上一个伸缩活动尚未完成',
    coolingDown: ({ until }, { time }) => zh`冷却时间到 ${time(until)} 为止`,
    episodeAnswered: () => '本次告警已处理',
    episodeOver: ({ rule, metric, above, threshold }, { number }) =>
      zh`${metric} 在一个完整周期内未${above ? '高于' : '低于'} ${number(threshold)}：${rule} 可再次触发`,
    scaleInIsOpen: ({ rule }) => zh`${rule} 的缩容仍在进行中`,
    warmingUp: ({ until }, { time }) => zh`扩容的${unit.one}预热至 ${time(until)}`,
    serversComing: () => `扩容的${unit.one}尚未就绪`,
    earlierScaleOutBrings: () => '之前的扩容正在进行',
    keptUntil: ({ servers, grant }, { party }) =>
      grant
        ? zh`${party(grant)}结束前至少保留 ${servers} ${unit.count}`
        : zh`至少保留 ${servers} ${unit.count}`,
    allProtected: () => `剩余${unit.one}均免于缩容`,
    leastIs: ({ servers }) => zh`最少为 ${servers} ${unit.count}`,
    thereAlready: ({ later }, words) => `已是该数量${afterwards(later, words)}`,
    notPaused: ({ owner }) => zh`${owner} 请求恢复，但并未暂停`,
    metricUnknown: ({ metric, rule, why }) =>
      zh`${rule ? zh`${rule} 的 ` : ''}${metric} 未知${why ? `（${causes[why]}）` : ''}`,
    newerDataNeeded: () => '正在等待上次缩容之后的新数据',
    noStepFits: ({ metric, value }, { number }) => zh`${metric} 为 ${number(value)}，没有匹配的步进`,
    leaderUnknown: ({ group }) => zh`${group} 的实例数未知`,
    ruleInAlarm: ({ rule, moved }, { number }) =>
      zh`${rule} 处于 ALARM${moved ? zh`（${moved.metric} 为 ${number(moved.value)}）` : ''}`,
    ruleHasNoData: ({ rule }) => zh`${rule} 没有数据`,
    ruleHasNoAlarm: ({ rule }) => zh`${rule} 没有对应的告警：请部署`,
    ruleCannotAsk: ({ rule }) => zh`没有调整请求，但 ${rule} 缺少告警，无法判断：请部署`,
    refreshing: ({ status }) => zh`实例刷新状态为 ${status}`,
    behaviorDisabled: ({ direction }) => zh`behavior.${direction} 已设为 Disabled`,
    behaviorLimits: ({ direction, servers }) =>
      zh`behavior.${direction} 目前${direction === 'scaleUp' ? '最多允许' : '至少保留'} ${servers} ${unit.count}`,
    wouldTrip: ({ metric, value, rule, threshold }, { number }) =>
      zh`届时 ${metric} 为 ${number(value)}，会触发 ${rule}（${number(threshold)}）`,
    fewAreHealthy: ({ healthy, inService }) =>
      zh`负载均衡器认为 ${inService} ${unit.count}${unit.one}中只有 ${healthy} ${unit.count}健康`,
    busyAsBefore: ({ metric, from, to, cpu }, { number, percent }) =>
      zh`${metric} 从 ${number(from)} 降到 ${number(to)}，但${unit.one}和之前一样繁忙（cpu ${percent(cpu / 100)}）`,
    stabilized: ({ why, servers }, { sentence }) =>
      zh`${sentence(why)}，但稳定窗口保持 ${servers} ${unit.count}`,
    scaleInDisabled: ({ why }, { sentence }) => zh`${sentence(why)}，但已设置 disableScaleIn`,

    ownCapacity: ({ servers, base }) =>
      zh`伸缩组自身为 ${servers > base ? zh`${base} ${unit.count}，但至少需要 ${servers} ${unit.count}` : zh`${servers} ${unit.count}`}：由告警、人工和外部修改决定`,
    grantAdds: ({ grant, servers, until }, { party, signed, time }) =>
      zh`${party(grant)}增加 ${signed(servers)} ${unit.count}，至 ${time(until)}`,
    grantIsReleasing: ({ grant, servers }, { party, signed }) =>
      zh`${party(grant)}已结束，其 ${signed(servers)} ${unit.count}在其余${unit.one}能承担负载时归还`,
    loadNeeds: ({ servers, lifted }) =>
      zh`负载需要 ${servers} ${unit.count}${lifted > 0 ? zh`，其中 ${lifted} ${unit.count}为叠加` : ''}`,
    stepsOnTop: ({ servers }, { signed }) =>
      zh`告警、人工和外部修改在负载或下限之上叠加 ${signed(servers)} ${unit.count}；不再需要维持时并入基础`,
    goalIs: ({ servers }) => zh`合计 ${servers} ${unit.count}`,
    ruleAsks: ({ rule, now, servers }, words) =>
      zh`${rule} 处于 ALARM${seen(now, words)}，请求${servers === undefined ? '一个步进' : zh`${servers} ${unit.count}`}`,
    ruleInAlarmBut: ({ rule, now, but }, words) =>
      zh`${rule} 处于 ALARM${seen(now, words)}，但${words.sentence(but)}`,
    ruleNears: ({ rule, metric, value, above, threshold, breaching, periods, at, change }, words) => {
      const { number, signed, time } = words;
      const side = zh`${above ? '高于' : '低于'} ${number(threshold)}`;
      return zh`${rule}：${metric} 为 ${number(value)}，${side}：${periods} 个周期中的 ${breaching} 个；约 ${time(at)} 触发（${signed(change)}）`;
    },
    ruleStays: ({ rule, now, servers, because }, words) =>
      zh`${rule} 处于 ALARM${seen(now, words)}，但保持 ${servers} ${unit.count}${reasonFor(because, words)}`,
    ruleIsDeaf: ({ rule, watches, behind }) =>
      zh`${rule} 监视 ${watches}，但目标组现对应${behind ?? '无负载均衡器'}：该告警收不到数据`,
    ruleWaits({ rule, state, since, condition, servers, stays, because }, words) {
      const when = conditionOf(condition, words);
      const asks = servers === undefined ? '按步进请求' : zh`请求 ${servers} ${unit.count}`;
      const then = stays
        ? zh`即使${when}，仍保持 ${servers ?? 0} ${unit.count}${reasonFor(because, words)}`
        : zh`${when}时${asks}`;
      return zh`${rule} 自 ${words.time(since)} 起为 ${state}：${then}`;
    },
    targetIs({ metric, target, value, servers, outvoted, but }, words) {
      const asks = servers === undefined ? '' : zh`，请求 ${servers} ${unit.count}`;
      const other = outvoted ? '；另一个目标要求更多' : '';
      const rest = but ? zh`；${words.sentence(but)}` : '';
      return zh`${metric} 应保持在 ${words.number(target)}（${nowAt(value, words)}）${asks}${other}${rest}`;
    },
    leaderUnseen: ({ group }) => zh`跟随 ${group}，但无法读取`,
    leaderHas: ({ group, inService, desired, ratio, servers }, { number }) =>
      zh`跟随 ${group}（${desired} ${unit.count}中 ${inService} ${unit.count}服务中）：按比例 ${number(ratio)} 为 ${servers} ${unit.count}`,
    noForecast: () => '尚无预测',
    loadUnknown: ({ metricsOff }) =>
      metricsOff ? zh`${metricsOff} 未启用组指标：保持不变` : '负载未知：保持不变',
    loadDoubted({ why, from, to }, { decimal }) {
      const [was, is] = [decimal(from), decimal(to)];
      const doubts = {
        negative: zh`负载读数为 ${is}，不可能为负：保持不变`,
        asBusy: zh`负载从 ${was} ${unit.count}降至 ${is} ${unit.count}，但${unit.one}与之前同样繁忙：保持不变`,
        unhealthy: zh`负载从 ${was} ${unit.count}降至 ${is} ${unit.count}，但负载均衡器上多数${unit.one}不健康：保持不变`,
        neverSoLow: zh`负载从 ${was} ${unit.count}骤降至 ${is} ${unit.count}，低于 28 天以来的最低值：最多保持一小时`,
        noBusier: zh`负载从 ${was} ${unit.count}升至 ${is} ${unit.count}，但${unit.one}并未更忙：保持不变`,
        neverSoHigh: zh`负载从 ${was} ${unit.count}骤升至 ${is} ${unit.count}，远超 28 天以来的最高值：最多保持一刻钟`,
      };
      return doubts[why];
    },
    forecastStandsBack: ({ forecast }, { sentence }) => zh`暂不请求：${sentence(forecast)}`,
    forecastNeeds,
    windowAdds: ({ add, percent, minSize, maxSize, lowerMinSizeTo }, words) =>
      [
        add === undefined ? '' : words.signed(add),
        percent === undefined ? '' : `+${words.percent(percent / 100)}`,
        minSize === undefined ? '' : zh`至少 ${minSize} ${unit.count}`,
        maxSize === undefined ? '' : zh`最多 ${maxSize} ${unit.count}`,
        lowerMinSizeTo === undefined ? '' : zh`minSize 降为 ${lowerMinSizeTo}`,
      ]
        .filter((effect) => effect !== '')
        .join('，'),

    serverReplaced: ({ server }) => zh`${unit.one} ${server} 不健康，正在替换`,
    adoptedServerStops: ({ server, state }) => zh`纳管的${unit.one} ${server} 状态为 ${state}，且不会被替换`,
    targetsFailing: ({ failing }) =>
      failing ? `有${unit.one}未通过负载均衡器的健康检查` : `所有${unit.one}已重新通过负载均衡器的健康检查`,
    groupUnreached: ({ scalingGroup }) => zh`无法访问 ${scalingGroup}：期间不作任何变更`,
    scalesByOtherRules: ({ scalingGroup }) => zh`${scalingGroup} 还有自己的伸缩规则`,
    otherRulesStay: ({ rules }, { list }) =>
      zh`${list(rules)}：仅观察期间这样是对的；如何切换见 rushhour doctor。`,
    otherRulesFight: ({ rules }, { list }) =>
      zh`${list(rules)}：请按 rushhour doctor 的说明将其挂起，否则会与 Rushhour 互相抵消对方的变更。`,
  },
  parties: {
    window: (name) => `时间窗口 ${name}`,
    bump: (name) => `${name} 的临时调整`,
    leader: (name) => `主组 ${name}`,
    metric: (name) => name,
    other: (name) => name,
    forecast: () => '预测',
    minSize: () => 'minSize',
    maxSize: () => 'maxSize',
    fleetFile: () => '配置文件',
    goal: () => '目标数量',
  },
  statuses,
  frames: {
    changes: (group, from, to, why) => `${group} ${from} → ${to}：${why}`,
    stays: (group, servers, why) => zh`${group} 保持 ${servers} ${unit.count}：${why}`,
    news: (group, what) => `${group}：${what}`,
    withDetail: (sentence, detail) => `${sentence}；${detail}`,
    failed: '失败',
    launchesFail: '启动失败',
    leftOut: (notices) => `……另有 ${notices} 条，见历史记录。`,
  },
};

function ends({ kind }: { kind: string }): string {
  return kind === 'bump' ? '已到期' : '已结束';
}

function news(...parts: readonly (string | false)[]): string {
  return parts.filter(Boolean).join('；');
}

function by(change: number | undefined, { signed }: Words): string {
  return change === undefined ? '' : `（${signed(change)}）`;
}

function reasonFor(because: Parameters<Words['sentence']>[0] | undefined, { sentence }: Words): string {
  return because ? zh`（${sentence(because)}）` : '';
}

function afterwards(later: Later | undefined, { party, parties }: Words): string {
  if (!later) return '';
  const { servers, floor, grants = [] } = later;
  return floor
    ? zh`；${party(floor)}不再维持后为 ${servers} ${unit.count}`
    : zh`；${parties(grants)}结束后为 ${servers} ${unit.count}`;
}

function conditionOf({ metric, above, inclusive, threshold, now }: Condition, words: Words): string {
  const side = inclusive ? (above ? '≥' : '≤') : above ? '高于' : '低于';
  return zh`${metric} ${side} ${words.number(threshold)}（${nowAt(now, words)}）`;
}

function seen(now: number | undefined, words: Words): string {
  return now === undefined ? '' : `（${nowAt(now, words)}）`;
}

function nowAt(value: number | undefined, { number }: Words): string {
  return value === undefined ? '当前未知' : zh`当前 ${number(value)}`;
}

function forecastNeeds(says: ForecastNumbers, words: Words): string {
  const {
    servers,
    expects,
    error,
    at,
    lastServerUse,
    price,
    unseasonedDays,
    strained,
    promise,
    boot,
    change,
  } = says;
  const { decimal, percent } = words;
  const load = `${decimal(expects)} ± ${decimal(error)}`;
  return [
    zh`需要 ${servers} ${unit.count}：预计 ${words.time(at)} 的负载为 ${load} ${unit.count}`,
    zh`第 ${servers} ${unit.count}的使用时间占 ${percent(lastServerUse)}，服务目标要求使用时间高于 ${percent(price)} 即购买`,
    budget(says, words),
    unseasonedDays === undefined ? '' : zh`仅学习了 ${decimal(unseasonedDays)} 天，尚无周期规律`,
    strained ? '近期预测偏差较大，已放宽误差范围' : '',
    promise ? zh`过去的负载只允许承诺 ${percent(promise.promisable)}，而非 ${percent(promise.promised)}` : '',
    boot ? zh`启动用时 ${words.minutes(boot.minutes)}（最近 ${boot.launches} 次）` : '',
  ]
    .filter((part) => part !== '')
    .join('；')
    .concat(by(change, words));
}

function budget({ budgetLeft, budgetDays, price }: ForecastNumbers, { percent }: Words): string {
  if (budgetDays === 0) return '错误预算从第三天开始计算';
  const its = zh`${Math.max(1, Math.round(budgetDays))} 天错误预算`;
  if (budgetLeft >= 0) return zh`${its}剩余 ${percent(budgetLeft)}`;
  return zh`${its}超支 ${percent(-budgetLeft)}：保留使用时间仅占 ${percent(price)} 的${unit.one}`;
}
