import type { Condition, ForecastNumbers, Later } from '../domain/sentence.ts';
import type { Catalogue, Words } from './catalogue.ts';
import { unit } from './unit.ts';

const causes = { missing: '데이터 요소 없음', failed: '읽기 실패' } as const;
const losses = {
  terminated: '외부에서 중지 또는 종료됨',
  unhealthy: '상태 확인 실패',
  interrupted: '클라우드가 회수함(스팟 중단 등)',
  replaced: '그룹이 교체함',
  byHand: '누군가 그룹을 통해 제거함',
  unknown: '그룹이 이유를 알려 주지 않음',
} as const;
const kinds = { capacity: '용량 부족', quota: '할당량 부족', image: '이미지 문제', other: '기타' } as const;
const directions = { both: '조정', out: '스케일 아웃', in: '스케일 인' } as const;
const processes = { launching: '시작', terminating: '종료' } as const;
const statuses = {
  PreInService: '준비 중',
  InProgress: '진행 중',
  Successful: '성공',
  Failed: '실패',
  Cancelled: '취소됨',
} as const;

/**
 * What the engine says, in Korean, with the words of AWS's Korean documents. A particle that depends on the last letter of the word
 * before it (은/는, 이/가, 을/를) follows a word of ours and never a name or a number.
 */
export const korean: Catalogue = {
  language: 'ko',
  units: {
    server: { one: '서버', many: '서버', count: '대' },
    task: { one: '태스크', many: '태스크', count: '개' },
    pod: { one: '파드', many: '파드', count: '개' },
  },
  servers: (count, { number }) => `${unit.one} ${number(count)}${unit.count}`,
  counted: () => unit.count,
  sentences: {
    firstContact: ({ servers }) => `첫 관리 시작, 현재 ${servers}${unit.count}`,
    initialCapacity: () => '첫 관리 시작, 초기 용량 적용',
    windowOpened({ window, added, inherited, there, asked }, { signed, parties }) {
      const parts = [
        signed(added),
        inherited && `${inherited.servers}${unit.count}는 ${parties(inherited.from)}에서 인계`,
        there && `${there}${unit.count}는 이미 실행 중`,
        asked && `요청은 ${asked}${unit.count}`,
      ];
      return `'${window}' 기간 시작(${parts.filter(Boolean).join(', ')})`;
    },
    windowOpenedAtMaximum: ({ window, asked, maximum }, { signed }) =>
      `'${window}' 기간 시작(${signed(asked)}), 그러나 이미 최대 ${maximum}${unit.count}`,
    windowOpenedWithEnough: ({ window, asked }, { signed }) =>
      `'${window}' 기간 시작(${signed(asked)}), 그러나 이미 충분함`,
    windowTookOver: ({ window, asked, servers, from, granted }, { signed, parties }) =>
      `'${window}' 기간 시작(${signed(asked)}), ${parties(from)}의 ${servers}${unit.count}를 인계${
        granted < asked ? `, 요청은 ${asked}${unit.count}` : ''
      }`,
    windowAddsNothing: ({ window, percent, own }, words) =>
      `'${window}' 기간 시작(${own}${unit.count}의 +${words.percent(percent / 100)}: 0${unit.count})`,
    windowEndMoved: ({ window, until }, { time }) => `'${window}' 기간의 종료 시각 변경: ${time(until)}`,
    grantEnded: ({ grant, change }, { party, signed }) => `${party(grant)} 종료(${signed(change)})`,
    grantEndedWithNothing: ({ grant }, { party }) => `${party(grant)} 종료, 반환할 ${unit.one} 없음`,
    grantEndedAndWaits: ({ grant, servers }, { party, signed }) =>
      `${party(grant)} 종료, ${signed(servers)}${unit.count}가 반환 대기 중`,
    alarmScales: ({ rule, moved, change, asked }, { number, signed }) =>
      `'${rule}' 경보${moved ? `, ${moved.metric} ${number(moved.value)}` : ''}(${signed(change)}${asked === undefined ? '' : `, 요청은 ${asked}${unit.count}`})`,
    metricNeeds: ({ metric, value, target, servers, spare, change }, words) =>
      `${metric} 현재 ${words.number(value)}(대상 값 ${words.number(target)}), ${spare === undefined ? '' : `여유 ${words.percent(spare)} 포함 `}${servers}${unit.count} 필요${by(change, words)}`,
    floorEnded: ({ holder, change }, words) => `${words.party(holder)}에 따른 하한 해제${by(change, words)}`,
    askedForLess: ({ servers, change }, words) => `${servers}${unit.count}만 필요${by(change, words)}`,
    floorIs: ({ holder, servers, change }, words) =>
      `${words.party(holder)}에 따라 최소 ${servers}${unit.count} 필요${by(change, words)}`,
    minimumIs: ({ servers, change }, words) => `최소 ${servers}${unit.count}${by(change, words)}`,
    maximumIs: ({ holder, servers, change }, words) =>
      `${words.party(holder)}에 따라 최대 ${servers}${unit.count}까지 허용${by(change, words)}`,
    limitIsGone: ({ holder, change }, words) => `${words.party(holder)}에 따른 상한 해제${by(change, words)}`,
    askedBefore: ({ servers, change }, words) =>
      `이전에 ${servers}${unit.count}를 요청함${by(change, words)}`,
    manualChange({ owner, reason, adjustment, until, wanted, later }, words) {
      const what = adjustment === undefined ? '용량 설정' : `${words.signed(adjustment)} 조정`;
      const end = until === undefined ? '' : `, ${words.time(until)}까지`;
      const clamped = wanted === undefined ? '' : `, ${words.number(wanted)}${unit.count}는 범위 밖`;
      return `${owner} 사용자의 ${what}(${reason})${end}${clamped}${afterwards(later, words)}`;
    },
    externalChange: ({ bound, size }) => (bound ? `외부에서 변경됨(${bound}: ${size})` : '외부에서 변경됨'),
    serversJoin: ({ ids }, { list }) => `플릿 파일의 ${unit.one} 추가: ${list(ids)}`,
    serversLeave: ({ ids }, { list }) => `플릿 파일에서 제외된 ${unit.one}: ${list(ids)}`,
    serversAdoptedByHand: ({ ids, owner, reason, already }, { list }) =>
      `${owner} 사용자가 편입한 ${unit.one}: ${list(ids)}(${reason})${already ? '; 이미 그룹에 있음' : ''}`,
    serversKept: ({ servers }) => `플릿 파일의 ${unit.one} ${servers}${unit.count}가 그룹에 있음`,
    serversProtected: ({ ids }, { list }) => `스케일 인 보호 설정: ${list(ids)}`,
    unhealthyAreReplaced: ({ replaced }) =>
      replaced ? `비정상 ${unit.one} 교체를 다시 시작함` : `비정상 ${unit.one}는 교체하지 않고 알리기만 함`,
    adoptedServersHealth: ({ unhealthy, recovered }, { list }) =>
      news(
        unhealthy.length > 0 && `상태 확인에 실패했으며 교체되지 않는 ${unit.one}: ${list(unhealthy)}`,
        recovered.length > 0 && `다시 정상인 ${unit.one}: ${list(recovered)}`,
      ) || `비정상 ${unit.one}가 더 이상 그룹에 없음`,
    targetsHealth: ({ unhealthy, recovered, watched }, { list }) =>
      news(
        unhealthy.length > 0 &&
          `로드 밸런서 상태 확인에 실패한 ${unit.one}: ${list(unhealthy)}. 이를 기다리는 조정 활동 없음`,
        recovered.length > 0 && `다시 정상인 ${unit.one}: ${list(recovered)}`,
      ) || (watched === 0 ? '비정상 대상이 더 이상 없음' : `비정상 대상 ${watched}개를 다시 확인함`),
    rolloutFailed: ({ says, rolledBack }) =>
      `배포 실패, ${rolledBack ? '이전 버전으로 되돌리는 중' : `다시 배포할 때까지 새 ${unit.one} 시작 안 됨`}: ${says}`,
    alarmsAreStale: ({ rules, behind }, { list }) =>
      `경보 ${list(rules)}: 감시하는 로드 밸런서가 대상 그룹에 더 이상 연결되어 있지 않음(현재: ${behind ?? '로드 밸런서 없음'}). 플릿 파일에 적고 배포하세요`,
    alarmsAreRight: () => '경보가 다시 올바른 로드 밸런서를 감시함',
    paused: ({ direction, owner, reason, until }, { time }) =>
      `${owner} 사용자가 ${directions[direction]} 기능을 일시 중지함(${until === undefined ? '재개할 때까지' : `${time(until)}까지`}, ${reason})`,
    resumed: ({ owner, reason }) => `${owner} 사용자가 재개함(${reason})`,
    pauseEnded: ({ owner, reason }) => `${owner} 사용자의 일시 중지가 끝남(${reason})`,
    serversLost: ({ ids, more, cause }, { list, number }) =>
      `${unit.one} 손실: ${list(ids)}${more > 0 ? ` 외 ${number(more)}${unit.count}` : ''}, ${losses[cause]}`,
    serversLostAtOnce: ({ servers }) => `${unit.one} ${servers}${unit.count} 손실`,
    serverWantedBack: ({ id }) => `클라우드가 몇 분 안에 ${id} ${unit.one}를 회수함(스팟 중단)`,
    serversLostWithinHour: ({ servers, group }) =>
      `한 시간 안에 ${unit.one} ${servers}${unit.count} 손실: 이유는 rushhour history ${group} 명령으로 확인`,
    serversReplaced: ({ servers }) => `모두 보충됨: ${servers}${unit.count} 서비스 중`,
    serversMissing: ({ servers }) => `${unit.one} ${servers}${unit.count} 부족, 그룹이 보충하는 중`,
    lostLately({ latest, earlier, replaced }, { number, time }) {
      const named = latest.map(({ id, at, cause }) => `…${id}(${time(at)}, ${losses[cause]})`);
      const all = earlier > 0 ? [...named, `그 전에 ${number(earlier)}${unit.count}`] : named;
      return `${all.join(', ')}; ${replaced ? '모두 보충됨' : '아직 모두 보충되지 않음'}`;
    },
    groupMissing: ({ long }) =>
      `Auto Scaling 그룹이 없음${long ? ': 배포되었는지, 이름이 맞는지 확인하세요' : ''}`,
    groupFound: () => 'Auto Scaling 그룹이 다시 나타남',
    eventTooLate: ({ window, edge, at, minutes }, words) =>
      `'${window}' 기간의 ${edge === 'start' ? '시작' : '종료'} 이벤트(${words.time(at)})가 ${words.minutes(minutes)} 늦어 무시함`,
    requestIsKnown: ({ requestId }) => `요청 ${requestId}: 이미 처리됨`,
    lookUpFirst: ({ need }) => `먼저 조회가 필요함: ${need}`,

    activityBegan: ({ from, to, why }, { sentence }) => `${from} → ${to} 진행 중: ${sentence(why)}`,
    activityRetried: ({ from, to }) => `${from} → ${to} 아직 적용되지 않아 다시 시도함`,
    activityEnded: ({ from, to, status, why, detail }, { sentence }) =>
      `${from} → ${to} ${statuses[status]}: ${sentence(why)}${detail ? `; ${sentence(detail)}` : ''}`,
    activitiesForgotten: (says, { list }) =>
      list(says.ended.map(({ to, status }) => `${to}${unit.count}로 조정: ${statuses[status]}`)),
    launchesFail: ({ kind, says }) => `${unit.one} 시작 실패(${kinds[kind]}): ${says}`,
    launchesStillFail: ({ to, failure }, { sentence }) =>
      `아직 ${to}${unit.count}에 도달하지 못함: ${sentence(failure)}`,
    launchesSucceed: () => `${unit.one} 시작이 다시 성공함`,
    serversWereThere: () => `${unit.one}가 이미 그룹에 있었음`,
    serversWereGone: () => `${unit.one}가 이미 그룹에 없었음`,
    someWereGone: ({ ids }, { list }) => `이미 그룹에 없던 ${unit.one}: ${list(ids)}; 나머지는 다시 요청`,
    groupIsUntouchable: () => '지금은 그룹을 변경할 수 없음',
    setByOthers: ({ servers }) => `다른 주체가 ${servers}${unit.count}로 설정함`,
    outOfBounds: ({ servers, minSize, maxSize }) =>
      `${servers}${unit.count}는 현재 범위(${minSize}…${maxSize}) 밖`,
    couldNotBeSet: ({ servers }) => `${servers}${unit.count}로 설정하지 못함`,
    superseded: ({ desired }) => `다른 변경으로 대체됨: 원하는 용량 ${desired}`,
    readyTooFew: ({ ready, to, why }, { sentence }) =>
      `기한까지 ${to}${unit.count} 중 ${ready}${unit.count}만 준비됨${why ? `; ${sentence(why)}` : ''}`,
    keptByProtection: ({ servers }) =>
      `${unit.one} ${servers}${unit.count}가 스케일 인으로부터 보호되어 보호가 끝날 때까지 유지됨`,
    stillLeaving: () => `기한까지 ${unit.one}가 모두 종료되지 않음`,
    notFollowed: ({ activities }) => `더 이상 추적하지 않음: 조정 활동 ${activities}개가 진행 중`,
    groupDeleted: () => '그룹이 스택과 함께 삭제됨',
    scalerDeleted: () => '스케일러가 스택과 함께 삭제됨',
    groupGone: () => 'Auto Scaling 그룹이 사라짐',
    providerSays: ({ says, doctor }) => (doctor ? `${says}; rushhour doctor 명령으로 조치 방법 확인` : says),
    refusedTimes: ({ times }) => `${times}회 거부됨`,

    atGoal: () => '목표 용량에 도달함',
    asksBut({ who, moved, to, ended, but }, words) {
      const value = moved ? `(${moved.metric} ${words.number(moved.value)})` : '';
      const asker = `${words.party(who)}${value}${ended ? ' 종료' : ''}`;
      return `${asker}: ${to === undefined ? 'ALARM 상태' : `${to}${unit.count} 요청`}, 그러나 ${words.sentence(but)}`;
    },
    observesOnly: ({ from, to, why }, { sentence }) =>
      `${from} → ${to} 조정이 필요하지만 관찰 모드임: ${sentence(why)}`,
    groupDeploying: () => `스택이 아직 배포 중이라 ${unit.one}를 내보낼 수 없음`,
    processSuspended: ({ process }) => `${unit.one} ${processes[process]} 프로세스가 일시 중단됨`,
    groupMaximum: ({ servers }) => `그룹 자체의 최대 용량이 ${servers}${unit.count}`,
    activitiesAreOpen: ({ activities }) => `조정 활동 ${activities}개가 아직 진행 중`,
    bumpsAreOpen: ({ bumps }) => `임시 조정 ${bumps}개가 아직 끝나지 않음`,
    launchesHeld: ({ failure, retryAt }, { sentence, time }) =>
      `${sentence(failure)}; 다음 시도 ${time(retryAt)}`,
    minSizeIs: ({ servers }) => `minSize 값이 ${servers}`,
    activityIsOpen: () => '이 규칙의 이전 조정 활동이 아직 진행 중',
    coolingDown: ({ until }, { time }) => `휴지 기간이 ${time(until)}까지 이어짐`,
    episodeAnswered: () => '이번 경보는 이미 처리됨',
    episodeOver: ({ rule, metric, above, threshold }, { number }) =>
      `한 주기 내내 ${metric} 지표가 ${number(threshold)} ${above ? '초과' : '미만'} 상태가 아니었음: ${rule} 규칙이 다시 작동할 수 있음`,
    scaleInIsOpen: ({ rule }) => `${rule} 규칙의 스케일 인이 아직 진행 중`,
    warmingUp: ({ until }, { time }) => `스케일 아웃된 ${unit.one}가 ${time(until)}까지 워밍업 중`,
    serversComing: () => `스케일 아웃된 ${unit.one}가 아직 준비되지 않음`,
    earlierScaleOutBrings: () => '이전 스케일 아웃이 이미 진행 중',
    keptUntil: ({ servers, grant }, { party }) =>
      grant ? `${party(grant)} 종료 전까지 ${servers}${unit.count} 유지` : `${servers}${unit.count} 유지`,
    allProtected: () => `남은 ${unit.one}가 모두 스케일 인으로부터 보호됨`,
    leastIs: ({ servers }) => `최소 ${servers}${unit.count}`,
    thereAlready: ({ later }, words) => `이미 그 수량임${afterwards(later, words)}`,
    notPaused: ({ owner }) => `${owner} 사용자가 재개를 요청했으나 일시 중지 상태가 아님`,
    metricUnknown: ({ metric, rule, why }) =>
      `${rule ? `${rule} 규칙의 ` : ''}${metric} 지표를 알 수 없음${why ? `(${causes[why]})` : ''}`,
    newerDataNeeded: () => '마지막 스케일 인 이후의 데이터를 기다리는 중',
    noStepFits: ({ metric, value }, { number }) => `${metric} ${number(value)}에 맞는 단계가 없음`,
    leaderUnknown: ({ group }) => `${group} 그룹의 용량을 알 수 없음`,
    ruleInAlarm: ({ rule, moved }, { number }) =>
      `${rule} 규칙이 ALARM 상태${moved ? `(${moved.metric} ${number(moved.value)})` : ''}`,
    ruleHasNoData: ({ rule }) => `${rule} 규칙에 데이터가 없음`,
    ruleHasNoAlarm: ({ rule }) => `${rule} 규칙에 경보가 없음: 플릿을 배포하세요`,
    ruleCannotAsk: ({ rule }) =>
      `변경 요청은 없으나 ${rule} 규칙에 경보가 없어 판단할 수 없음: 플릿을 배포하세요`,
    refreshing: ({ status }) => `인스턴스 새로 고침 상태: ${status}`,
    behaviorDisabled: ({ direction }) => `behavior.${direction} 설정이 Disabled`,
    behaviorLimits: ({ direction, servers }) =>
      `behavior.${direction} 제한으로 지금은 ${direction === 'scaleUp' ? '최대' : '최소'} ${servers}${unit.count}`,
    wouldTrip: ({ metric, value, rule, threshold }, { number }) =>
      `그러면 ${metric} ${number(value)}, ${rule} 경보가 발생함(${number(threshold)})`,
    fewAreHealthy: ({ healthy, inService }) =>
      `로드 밸런서 기준으로 ${unit.one} ${inService}${unit.count} 중 ${healthy}${unit.count}만 정상`,
    busyAsBefore: ({ metric, from, to, cpu }, { number, percent }) =>
      `${metric} 지표 하락(${number(from)} → ${number(to)}), 그러나 ${unit.one}는 전과 같이 바쁨(cpu ${percent(cpu / 100)})`,
    stabilized: ({ why, servers }, { sentence }) =>
      `${sentence(why)}, 그러나 안정화 기간 동안 ${servers}${unit.count} 유지`,
    scaleInDisabled: ({ why }, { sentence }) => `${sentence(why)}, 그러나 disableScaleIn 설정됨`,

    ownCapacity: ({ servers, base }) =>
      `그룹 자체 용량 ${servers > base ? `${base}${unit.count}, 그러나 최소 ${servers}${unit.count} 필요` : `${servers}${unit.count}`}: 경보, 사람, 외부 변경으로 바뀜`,
    grantAdds: ({ grant, servers, until }, { party, signed, time }) =>
      `${party(grant)}: ${time(until)}까지 ${signed(servers)}${unit.count}`,
    grantIsReleasing: ({ grant, servers }, { party, signed }) =>
      `${party(grant)} 종료, 나머지 ${unit.one}가 부하를 감당할 수 있게 되면 ${signed(servers)}${unit.count} 반환`,
    loadNeeds: ({ servers, lifted }) =>
      `부하에 ${servers}${unit.count} 필요${lifted > 0 ? `, 그중 ${lifted}${unit.count}는 추가 단계` : ''}`,
    stepsOnTop: ({ servers }, { signed }) =>
      `경보, 사람, 외부 변경이 부하나 하한 위에 ${signed(servers)}${unit.count}를 더함. 하한이 풀리면 기본 용량에 합쳐짐`,
    goalIs: ({ servers }) => `합계 ${servers}${unit.count}`,
    ruleAsks: ({ rule, now, servers }, words) =>
      `${rule}: ALARM 상태${seen(now, words)}, ${servers === undefined ? '단계 조정 요청' : `${servers}${unit.count} 요청`}`,
    ruleInAlarmBut: ({ rule, now, but }, words) =>
      `${rule}: ALARM 상태${seen(now, words)}, 그러나 ${words.sentence(but)}`,
    ruleNears: ({ rule, metric, value, above, threshold, breaching, periods, at, change }, words) => {
      const { number, signed, time } = words;
      const side = `${number(threshold)} ${above ? '초과' : '미만'}`;
      return `${rule}: ${metric} 현재 ${number(value)}, ${side}: 주기 ${periods}개 중 ${breaching}개; ${time(at)}경 작동(${signed(change)})`;
    },
    ruleStays: ({ rule, now, servers, because }, words) =>
      `${rule}: ALARM 상태${seen(now, words)}, 그러나 ${servers}${unit.count} 유지${reasonFor(because, words)}`,
    ruleIsDeaf: ({ rule, watches, behind }) =>
      `${rule}: ${watches} 감시 중, 그러나 대상 그룹은 현재 ${behind ?? '로드 밸런서 없음'}. 이 경보는 데이터를 받지 못함`,
    ruleWaits({ rule, state, since, condition, servers, stays, because }, words) {
      const when = conditionOf(condition, words);
      const asks = servers === undefined ? '단계 조정 요청' : `${servers}${unit.count} 요청`;
      const then = stays
        ? `${when}이어도 ${servers ?? 0}${unit.count} 유지${reasonFor(because, words)}`
        : `${when}이면 ${asks}`;
      return `${rule}: ${words.time(since)}부터 ${state}. ${then}`;
    },
    targetIs({ metric, target, value, servers, outvoted, but }, words) {
      const asks = servers === undefined ? '' : `, ${servers}${unit.count} 요청`;
      const other = outvoted ? '; 다른 대상이 더 많이 요청함' : '';
      const rest = but ? `; ${words.sentence(but)}` : '';
      return `${metric} 대상 값 ${words.number(target)}(${nowAt(value, words)})${asks}${other}${rest}`;
    },
    leaderUnseen: ({ group }) => `따르는 그룹 ${group}: 읽을 수 없음`,
    leaderHas: ({ group, inService, desired, ratio, servers }, { number }) =>
      `따르는 그룹 ${group}: ${desired}${unit.count} 중 ${inService}${unit.count} 서비스 중, 비율 ${number(ratio)} 적용 시 ${servers}${unit.count}`,
    noForecast: () => '아직 예측 없음',
    loadUnknown: ({ metricsOff }) =>
      metricsOff
        ? `${metricsOff} 그룹 지표가 꺼져 있음: 현재 용량 유지`
        : '부하를 알 수 없음: 현재 용량 유지',
    loadDoubted({ why, from, to }, { decimal }) {
      const [was, is] = [decimal(from), decimal(to)];
      const fell = `부하가 ${was}${unit.count}에서 ${is}${unit.count}로 하락`;
      const rose = `부하가 ${was}${unit.count}에서 ${is}${unit.count}로 상승`;
      const doubts = {
        negative: `부하 측정값 ${is}, 음수일 수 없음: 현재 용량 유지`,
        asBusy: `${fell}, 그러나 ${unit.one}는 전과 같이 바쁨: 현재 용량 유지`,
        unhealthy: `${fell}, 그러나 대부분의 ${unit.one}가 로드 밸런서에서 비정상: 현재 용량 유지`,
        neverSoLow: `${fell}, 28일 중 최저보다 낮게 급락: 최대 1시간 유지`,
        noBusier: `${rose}, 그러나 ${unit.one}는 더 바쁘지 않음: 현재 용량 유지`,
        neverSoHigh: `${rose}, 28일 중 최고를 크게 넘게 급등: 최대 15분 유지`,
      };
      return doubts[why];
    },
    forecastStandsBack: ({ forecast }, { sentence }) => `요청하지 않음: ${sentence(forecast)}`,
    forecastNeeds,
    windowAdds: ({ add, percent, minSize, maxSize, lowerMinSizeTo }, words) =>
      [
        add === undefined ? '' : words.signed(add),
        percent === undefined ? '' : `+${words.percent(percent / 100)}`,
        minSize === undefined ? '' : `최소 ${minSize}${unit.count}`,
        maxSize === undefined ? '' : `최대 ${maxSize}${unit.count}`,
        lowerMinSizeTo === undefined ? '' : `minSize 하향: ${lowerMinSizeTo}`,
      ]
        .filter((effect) => effect !== '')
        .join(', '),

    serverReplaced: ({ server }) => `${unit.one} ${server}: 비정상이어서 교체 중`,
    adoptedServerStops: ({ server, state }) => `편입된 ${unit.one} ${server}: 상태 ${state}, 교체되지 않음`,
    targetsFailing: ({ failing }) =>
      failing
        ? `로드 밸런서 상태 확인을 통과하지 못하는 ${unit.one}가 있음`
        : `모든 ${unit.one}가 다시 로드 밸런서 상태 확인을 통과함`,
    groupUnreached: ({ scalingGroup }) => `${scalingGroup}에 접근할 수 없음: 그동안 아무것도 변경하지 않음`,
    scalesByOtherRules: ({ scalingGroup }) => `${scalingGroup}: 자체 조정 규칙이 있음`,
    otherRulesStay: ({ rules }, { list }) =>
      `${list(rules)}: 관찰만 하는 동안에는 그대로 두면 됩니다. 전환 방법은 rushhour doctor가 알려줍니다.`,
    otherRulesFight: ({ rules }, { list }) =>
      `${list(rules)}: rushhour doctor의 안내대로 중지하지 않으면 Rushhour와 서로의 변경을 되돌립니다.`,
  },
  parties: {
    window: (name) => `'${name}' 기간`,
    bump: (name) => `${name} 사용자의 임시 조정`,
    leader: (name) => `선행 그룹 '${name}'`,
    metric: (name) => name,
    other: (name) => name,
    forecast: () => '예측',
    minSize: () => 'minSize',
    maxSize: () => 'maxSize',
    fleetFile: () => '플릿 파일',
    goal: () => '목표 용량',
  },
  statuses,
  frames: {
    changes: (group, from, to, why) => `${group} ${from} → ${to}: ${why}`,
    stays: (group, servers, why) => `${group} ${servers}${unit.count} 유지: ${why}`,
    news: (group, what) => `${group}: ${what}`,
    withDetail: (sentence, detail) => `${sentence}; ${detail}`,
    failed: '실패',
    launchesFail: '서버 시작 실패',
    leftOut: (notices) => `… 외 ${notices}건은 기록에 있습니다.`,
  },
};

function news(...parts: readonly (string | false)[]): string {
  return parts.filter(Boolean).join('; ');
}

function by(change: number | undefined, { signed }: Words): string {
  return change === undefined ? '' : `(${signed(change)})`;
}

function reasonFor(because: Parameters<Words['sentence']>[0] | undefined, { sentence }: Words): string {
  return because ? `(${sentence(because)})` : '';
}

function afterwards(later: Later | undefined, { party, parties }: Words): string {
  if (!later) return '';
  const { servers, floor, grants = [] } = later;
  return floor
    ? `; ${party(floor)}에 따른 하한 해제 후 ${servers}${unit.count}`
    : `; ${parties(grants)} 종료 후 ${servers}${unit.count}`;
}

function conditionOf({ metric, above, inclusive, threshold, now }: Condition, words: Words): string {
  const way = inclusive ? (above ? '이상' : '이하') : above ? '초과' : '미만';
  return `${metric} 지표가 ${words.number(threshold)} ${way}(${nowAt(now, words)})`;
}

function seen(now: number | undefined, words: Words): string {
  return now === undefined ? '' : `(${nowAt(now, words)})`;
}

function nowAt(value: number | undefined, { number }: Words): string {
  return value === undefined ? '현재 값 알 수 없음' : `현재 ${number(value)}`;
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
    `${servers}${unit.count} 필요: ${words.time(at)} 예상 부하 ${load}${unit.count}`,
    `${servers}번째 ${unit.one}의 사용 시간 비율 ${percent(lastServerUse)}, 서비스 목표는 ${percent(price)} 초과 시 구매`,
    budget(says, words),
    unseasonedDays === undefined ? '' : `${decimal(unseasonedDays)}일만 학습했고 아직 주기를 모름`,
    strained ? '최근 예측이 크게 빗나가 오차 범위를 넓힘' : '',
    promise
      ? `과거 부하로는 ${percent(promise.promised)} 아닌 ${percent(promise.promisable)} 약속만 가능`
      : '',
    boot ? `시작 소요 시간 ${words.minutes(boot.minutes)}(최근 ${boot.launches}회)` : '',
  ]
    .filter((part) => part !== '')
    .join('; ')
    .concat(by(change, words));
}

function budget({ budgetLeft, budgetDays, price }: ForecastNumbers, { percent }: Words): string {
  if (budgetDays === 0) return '오류 예산은 셋째 날부터 계산';
  const its = `${Math.max(1, Math.round(budgetDays))}일 오류 예산`;
  if (budgetLeft >= 0) return `${its} ${percent(budgetLeft)} 남음`;
  return `${its} ${percent(-budgetLeft)} 초과 사용: 사용 시간이 ${percent(price)}뿐인 ${unit.one}도 유지`;
}
