/** Which columns of a table give way where it is too wide. */

/** The least important ones come first; what is not here always stays. */
const order = [
  'xray_trace_id extended_request_id request_id user_agent',
  'cognito_identity_pool_id cognito_identity_id cognito_authentication_type webacl_arn',
  'caller caller_account_id user_arn user_type account_id region',
  'response_length authorizer_latency integration_latency source_ip api_key_id',
  'route_key domain_name api_id stage authorizer_principal_id authorizer_claims_property',
  'integration_status waf_status waf_response_code waf_error authorizer_status error_message',
  'first_seen plan_key usage_plan http_method addresses last_seen error_response_type percent affected_customers',
].flatMap((line) => line.split(' '));

/** The indexes of the columns that give way, of columns of these widths in so much room. */
export function givingWay(
  columns: readonly { readonly name: string; readonly width: number }[],
  room: number,
): ReadonlySet<number> {
  const gone = new Set<number>();
  // The first is what the others are about, unless that is an endpoint.
  const isOfEndpoint = columns.some(({ name }) => name === 'endpoint' || name === 'path');
  let taken = columns.reduce((sum, { width }) => sum + width, 0);
  const places = columns
    .map((_, place) => place)
    .filter((place) => (place > 0 || isOfEndpoint) && order.includes(columns[place]?.name ?? ''))
    .toSorted((one, other) => rank(one) - rank(other));
  for (const place of places) {
    if (taken <= room) break;
    gone.add(place);
    taken -= columns[place]?.width ?? 0;
  }
  return gone;

  function rank(place: number): number {
    return order.indexOf(columns[place]?.name ?? '');
  }
}
