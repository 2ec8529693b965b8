import { Aws } from 'aws-cdk-lib';

/**
 * Aggregated over the group, and the originals dropped: one metric per group is charged, not one per server. The agent publishes
 * no rollup that has as many dimensions as the metric, and memory has none of its own: hence the instance's id.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Agent-Configuration-File-Details.html
 * @see https://github.com/aws/amazon-cloudwatch-agent/blob/main/plugins/outputs/cloudwatch/cloudwatch.go ProcessRollup
 */
const configuration = {
  agent: { metrics_collection_interval: 60, run_as_user: 'cwagent' },
  metrics: {
    namespace: 'CWAgent',
    append_dimensions: {
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the agent's own placeholder.
      AutoScalingGroupName: '${aws:AutoScalingGroupName}',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: as above.
      InstanceId: '${aws:InstanceId}',
    },
    aggregation_dimensions: [['AutoScalingGroupName']],
    metrics_collected: {
      mem: { measurement: ['mem_used_percent'], drop_original_metrics: ['mem_used_percent'] },
      disk: {
        measurement: ['disk_used_percent'],
        drop_original_metrics: ['disk_used_percent'],
        // Every mounted disk, the data disks too, but nothing that is none, or is full by nature.
        resources: ['*'],
        ignore_file_system_types: [
          'sysfs',
          'devtmpfs',
          'tmpfs',
          'efivarfs',
          'overlay',
          'squashfs',
          'iso9660',
        ],
      },
    },
  },
};

const home = '/opt/aws/amazon-cloudwatch-agent';
const source = `https://amazoncloudwatch-agent-${Aws.REGION}.s3.${Aws.REGION}.${Aws.URL_SUFFIX}`;

/**
 * Lines of a boot script that start the CloudWatch agent on any Linux: with the image's own agent, with Amazon Linux's package,
 * or with AWS's own for others. Where that fails the boot goes on, and its log says what is missing.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/download-CloudWatch-Agent-on-EC2-Instance-commandline-first.html
 */
export const startAgent: readonly string[] = [
  'rushhour_fetch() { curl -fsSL --max-time 120 -o "$2" "$1" || wget -qT 120 -O "$2" "$1"; }',
  'rushhour_install_agent() {',
  '  for tool in dnf yum; do',
  '    if command -v "$tool" > /dev/null && "$tool" install -y amazon-cloudwatch-agent; then return 0; fi',
  '  done',
  '  case "$(uname -m)" in aarch64 | arm64) machine=arm64 ;; *) machine=amd64 ;; esac',
  '  package="$(mktemp)"',
  '  if command -v dpkg > /dev/null; then',
  `    rushhour_fetch "${source}/ubuntu/$machine/latest/amazon-cloudwatch-agent.deb" "$package" && dpkg -i "$package"`,
  '  else',
  `    rushhour_fetch "${source}/redhat/$machine/latest/amazon-cloudwatch-agent.rpm" "$package" && rpm -U "$package"`,
  '  fi',
  '}',
  'rushhour_start_agent() {',
  `  [ -x ${home}/bin/amazon-cloudwatch-agent-ctl ] || rushhour_install_agent || return 1`,
  `  cat > ${home}/etc/rushhour.json <<'JSON' || return 1`,
  JSON.stringify(configuration),
  'JSON',
  `  ${home}/bin/amazon-cloudwatch-agent-ctl -a fetch-config -m ec2 -s -c file:${home}/etc/rushhour.json`,
  '}',
  'rushhour_start_agent || echo "rushhour: no CloudWatch agent, so this server reports neither memory nor disk" >&2',
];
