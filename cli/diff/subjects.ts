import type { CalendarDays } from '../../shared/fleet/calendar-days.ts';
import type { Fleet } from '../../shared/fleet/fleet.ts';
import type { Group } from '../../shared/fleet/group.ts';
import { metricName } from '../../shared/fleet/metric-name.ts';
import type { AlarmRule } from '../../shared/fleet/rule.ts';
import type { ScheduleWindow } from '../../shared/fleet/window.ts';
import { fieldTexts, valueText } from './field-texts.ts';
import type { Subject } from './subject.ts';

/** All that a fleet file describes, in its order. */
export function subjectsOf(fleet: Fleet): Subject[] {
  const { name: _, groups, calendars, ...rest } = fleet;
  return [
    { kind: 'fleet', summary: fleet.name, fields: fieldTexts(rest) },
    ...Object.entries(calendars).map(([name, calendar]): Subject => {
      const { days, knownUntil } = calendar;
      const until = knownUntil === undefined ? '' : `, known until ${knownUntil}`;
      return {
        kind: 'calendar',
        name,
        summary: `${days.length} ${days.length === 1 ? 'entry' : 'entries'}${until}`,
        fields: { ...(knownUntil && { 'known until': knownUntil }), ...dayFields(days) },
      };
    }),
    ...Object.entries(groups).flatMap(([name, group]) => groupSubjects(name, group)),
  ];
}

/** Each range of days is a field of its own: that it is there is all there is to say. */
function dayFields(days: readonly CalendarDays[]): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const { from, to, name = 'listed' } of days) {
    const range = from === to ? from : `${from}..${to}`;
    fields[range] = range in fields ? `${fields[range]}, ${name}` : name;
  }
  return fields;
}

function groupSubjects(group: string, { schedules, alarms, targets, ...rest }: Group): Subject[] {
  const counts = [
    [Object.keys(schedules).length, 'window'],
    [Object.keys(alarms).length, 'rule'],
    [targets.length, 'target'],
  ] as const;
  const has = counts
    .filter(([count]) => count > 0)
    .map(([count, what]) => `, ${count} ${what}${count > 1 ? 's' : ''}`);
  return [
    {
      kind: 'group',
      group,
      summary: `${rest.minSize} to ${rest.maxSize} servers${has.join('')}`,
      fields: fieldTexts(rest),
    },
    ...Object.entries(schedules).map(([name, window]): Subject => {
      return { kind: 'window', group, name, summary: windowText(window), fields: fieldTexts(window) };
    }),
    ...Object.entries(alarms).map(([name, rule]): Subject => {
      return { kind: 'rule', group, name, summary: ruleText(rule), fields: fieldTexts(rule) };
    }),
    ...targets.map((target): Subject => {
      const name = metricName(target.metric);
      const kept = `kept at ${target.targetValue}${target.disableScaleIn ? ', never scales in' : ''}`;
      return { kind: 'target', group, name, summary: kept, fields: fieldTexts(target) };
    }),
  ];
}

/** `0 11 * * MON-FRI to 0 13 * * MON-FRI: +2, except rest` */
function windowText(window: ScheduleWindow): string {
  const {
    start,
    end,
    duration,
    timeZone,
    scalingAdjustment,
    minSize,
    maxSize,
    lowerMinSizeTo,
    except,
    only,
  } = window;
  const until = end ? `to ${valueText('end', end)}` : `for ${valueText('duration', duration)}`;
  const effects = [
    ...(scalingAdjustment === undefined ? [] : [`+${scalingAdjustment}`]),
    ...(minSize === undefined ? [] : [`at least ${minSize}`]),
    ...(maxSize === undefined ? [] : [`at most ${maxSize}`]),
    ...(lowerMinSizeTo === undefined ? [] : [`minSize lowered to ${lowerMinSizeTo}`]),
    ...(only.length > 0 ? [`only ${only.join(', ')}`] : []),
    ...(except.length > 0 ? [`except ${except.join(', ')}`] : []),
  ];
  return `${valueText('start', start)} ${until}${timeZone ? ` ${timeZone}` : ''}: ${effects.join(', ')}`;
}

const signs: Readonly<Record<AlarmRule['comparisonOperator'], string>> = {
  GreaterThanThreshold: '>',
  GreaterThanOrEqualToThreshold: '≥',
  LessThanThreshold: '<',
  LessThanOrEqualToThreshold: '≤',
};

/** `cpu > 70 in 3 of 3 × 60 s: +2, cooldown 5m` */
function ruleText(rule: AlarmRule): string {
  const { period, evaluationPeriods, datapointsToAlarm = evaluationPeriods, stepAdjustments } = rule;
  const when = `${metricName(rule.metric)} ${signs[rule.comparisonOperator]} ${rule.threshold}`;
  const changes = stepAdjustments?.map((step) => step.scalingAdjustment) ?? [rule.scalingAdjustment ?? 0];
  const exactly = rule.adjustmentType === 'ExactCapacity';
  const unit = rule.adjustmentType === 'PercentChangeInCapacity' ? ' %' : '';
  const change = changes.map((each) => `${each > 0 && !exactly ? '+' : ''}${each}${unit}`).join(' or ');
  return `${when} in ${datapointsToAlarm} of ${evaluationPeriods} × ${period} s: ${exactly ? 'exactly ' : ''}${change}, cooldown ${valueText('cooldown', rule.cooldown)}`;
}
