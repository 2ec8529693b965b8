import type { GroupLines, Remark } from './taken-over.ts';

/** What a server is made of, where nobody has said it: an image that exists in every region. */
export function placeholderLaunch(remarks: Remark[]): Pick<GroupLines, 'launch'> {
  remarks.push({
    subject: 'launch',
    kind: 'lost',
    message:
      'what a server is made of is not known here: put in your image and instance type, or existing with the name of a group that is there',
  });
  return {
    launch: {
      imageId: 'ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64',
      instanceType: 'c7g.large',
    },
  };
}

/** Before the servers, for metrics of requests. */
export function placeholderBalancer(remarks: Remark[]): Pick<GroupLines, 'loadBalancer'> {
  remarks.push({
    subject: 'load balancer',
    kind: 'lost',
    message: 'ports and health check are not known here: write them as your service has them',
  });
  return { loadBalancer: { scheme: 'internet-facing', port: 80 } };
}
