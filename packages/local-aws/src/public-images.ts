/** Images of AWS's own that are there in every account, and the public parameters that name them. */
export const publicImages = [
  {
    imageId: 'ami-0a2023000000000a6',
    parameter: '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64',
    architecture: 'arm64',
  },
  {
    imageId: 'ami-0a202300000000086',
    parameter: '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64',
    architecture: 'x86_64',
  },
] as const;
