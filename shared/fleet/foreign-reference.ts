/**
 * CloudFormation resolves `{{resolve:…}}` in whatever string of a template, and CDK replaces its own placeholders in
 * whatever string that it is given: a fleet file that held one would put a secret, or another stack's value, where
 * everybody who may describe a target group reads it.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
 * @returns what was expected instead; undefined: it holds none
 */
export function foreignReference(text: string): string | undefined {
  if (/\{\{\s*resolve\s*:/i.test(text))
    return 'expected no {{resolve:…}}: CloudFormation would write the value where others can read it; name a secret under launch.secrets, which the server reads when it boots, and an image as ssm:/path';
  if (/[$#]\{Token\[|-1\.\d{10,16}e\+289/.test(text))
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as CDK writes it.
    return 'expected no ${Token[…]}, which is a placeholder of CDK: write the value itself';
  return undefined;
}
