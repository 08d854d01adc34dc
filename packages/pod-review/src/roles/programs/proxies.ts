import type { Program, Row } from './program.ts';

const proxy = (what: string, more: Partial<Program> = {}): Program => ({ kind: 'proxy', what, ...more });

/** Programs that speak for an app, outwards, or stand before it. */
export const proxies: readonly Row[] = [
  [
    proxy('a proxy'),
    `envoy envoy-distroless envoy-alpine envoy-contrib cilium-envoy haproxy haproxy-alpine stunnel ghostunnel hitch
    socat sslh toxiproxy gost`,
  ],
  [
    proxy('the proxy of a service mesh'),
    `istio-proxy proxyv2 istio-proxyv2-rhel8 istio-proxyv2-rhel9 ztunnel linkerd linkerd-tcp linkerd/proxy linkerd-proxy
    consul-dataplane consul-envoy kuma-dp aws-appmesh-envoy appmesh-envoy daprd dapr secretless-broker`,
  ],
  [
    proxy('a proxy for incoming requests', { isHttp: true, direction: 'inbound' }),
    `traefik kong kong-gateway apisix tyk-gateway krakend gloo-envoy-wrapper apicast apim-gateway express-gateway skipper
    fabio nghttpx varnish vinyl-cache nuster modsecurity modsecurity-crs anubis oauth2-proxy oauth2_proxy
    keycloak-gatekeeper louketo-proxy gogatekeeper gogatekeeper/gatekeeper buzzfeed/sso pomerium vouch-proxy oathkeeper sso-proxy endpoints-runtime
    grpcwebproxy grpc-gateway websockify gitlab-workhorse gitlab-workhorse-ce gitlab-workhorse-ee ratelimit
    rate-limiter ratelimiter rate-limit limitador nginx-proxy nginx-proxy-manager cloudflared ngrok frpc inlets
    inlets-pro emissary datawire/aes`,
  ],
  [
    proxy('a proxy for incoming requests that asks Kubernetes who may pass', {
      isHttp: true,
      direction: 'inbound',
      usesToken: true,
    }),
    `kube-rbac-proxy origin-kube-rbac-proxy ose-kube-rbac-proxy ose-kube-rbac-proxy-rhel9 oauth-proxy origin-oauth-proxy
    ose-oauth-proxy ose-oauth-proxy-rhel9 kube-oidc-proxy`,
  ],
  [proxy('a proxy that narrows queries', { isHttp: true, direction: 'inbound' }), 'prom-label-proxy promxy'],
  [
    proxy('a proxy to a database', { direction: 'outbound' }),
    `cloud-sql-proxy cloudsql-proxy gce-proxy alloydb-auth-proxy pgadapter pgbouncer pgpool pgpool2 pgcat odyssey
    supavisor pgdog proxysql maxscale mysql-router mysqlrouter mysql/community-router twemproxy nutcracker mcrouter
    predixy redis-cluster-proxy redis-ambassador mongos kafka-proxy cql-proxy zdm-proxy vtgate shardingsphere-proxy`,
  ],
  [
    proxy('a proxy for outgoing requests', { direction: 'outbound' }),
    `squid tinyproxy privoxy mitmproxy dante-server aws-sigv4-proxy aws-es-proxy s3proxy postfix docker-postfix
    postfix-relay exim-relay smtp-relay opensmtpd dnsmasq unbound k8s-dns-dnsmasq-nanny k8s-dns-node-cache
    dnscrypt-proxy 3proxy v2ray tor gluetun wireguard openvpn-client tailscale zerotier netbird chisel ld-relay
    unleash-proxy unleash-edge goreplay konnectivity-agent kas-network-proxy/proxy-agent torproxy nordlynx
    cloudflare/warp bytemark/smtp namshi/smtp bind9 teleport-distroless`,
  ],
];
