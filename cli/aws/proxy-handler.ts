/**
 * The way to AWS where a proxy is in between: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, in
 * capital letters or small ones, as curl and the AWS CLI read them.
 */

import { NodeHttpHandler } from '@smithy/node-http-handler';
import { HttpProxyAgent, HttpsProxyAgent } from 'hpagent';
import { getProxyForUrl } from 'proxy-from-env';

/** Undefined where the environment names no proxy. */
export function proxyHandler(
  environment: Readonly<Record<string, string | undefined>>,
): ProxyHandler | undefined {
  const isNamed = Object.entries(environment).some(
    ([name, value]) => /^(https?|all)_proxy$/i.test(name) && value,
  );
  return isNamed ? new ProxyHandler() : undefined;
}

/** Asks for each host whether it is behind the proxy. */
class ProxyHandler extends NodeHttpHandler {
  readonly #proxied = new Map<string, NodeHttpHandler>();

  override handle(...[request, options]: Parameters<NodeHttpHandler['handle']>) {
    const { protocol, hostname, port } = request;
    const proxy = getProxyForUrl(`${protocol}//${hostname}${port ? `:${port}` : ''}`);
    if (!proxy) return super.handle(request, options);
    const handler = this.#proxied.get(proxy) ?? throughProxy(proxy);
    this.#proxied.set(proxy, handler);
    return handler.handle(request, options);
  }

  override destroy(): void {
    for (const handler of this.#proxied.values()) handler.destroy();
    super.destroy();
  }
}

function throughProxy(proxy: string): NodeHttpHandler {
  const keepAlive = { keepAlive: true, maxSockets: 50 };
  return new NodeHttpHandler({
    httpAgent: new HttpProxyAgent({ proxy, ...keepAlive }),
    httpsAgent: new HttpsProxyAgent({ proxy, ...keepAlive }),
  });
}
