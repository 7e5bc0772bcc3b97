// Roles as Glue and STS see them: may this service assume that role, yet?

export interface AssumableRole {
  roleName: string;
  arn: string;
}

export interface RoleDirectory {
  /**
   * The role by name, path-qualified name (`service-role/Name`) or ARN, when it exists, is visible (IAM is eventually
   * consistent: see the `iamDelayMs` setting) and its trust policy lets `servicePrincipal` assume it.
   * @throws AwsError InvalidInputException with the message that Glue gives
   */
  requireAssumable(role: string, servicePrincipal: string): AssumableRole;
}
