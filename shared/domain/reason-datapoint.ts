/**
 * The newest datapoint that an alarm's reason names, as CloudWatch gives it beside a state: in events and descriptions alike.
 * undefined where there is none, or where the text is not what it should be: it is for a sentence, and no decision rests on it.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 */
export function reasonDatapoint(reasonData: string | undefined): number | undefined {
  try {
    const { evaluatedDatapoints = [] } = JSON.parse(reasonData ?? '{}');
    let newest: { readonly at: number; readonly value: number } | undefined;
    for (const { timestamp, value } of evaluatedDatapoints) {
      // CloudWatch writes the zone without a colon, which is not ISO-8601's way.
      const at = Date.parse(String(timestamp).replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
      if (typeof value === 'number' && at > (newest?.at ?? Number.NEGATIVE_INFINITY)) newest = { at, value };
    }
    return newest?.value;
  } catch {
    return undefined;
  }
}
