import type { Row } from './program.ts';

/** Programs and systems that apps are built on: their arguments decide their role. */
export const bases: readonly Row[] = [
  [
    { kind: 'web-server', what: 'a web server' },
    `nginx nginx-unprivileged httpd apache apache2 caddy openresty lighttpd angie static-web-server`,
  ],
  [
    { kind: 'runtime', what: 'a runtime for an app' },
    `php php-fpm php-apache node nodejs python pypy ruby golang openjdk eclipse-temurin amazoncorretto
    tomcat jetty wildfly jboss-eap payara websphere-liberty open-liberty glassfish java dotnet/aspnet dotnet/runtime
    dotnet/samples aspnet aspnetapp perl rust erlang elixir bun deno rails django flask gunicorn uwsgi puma passenger
    uwsgi-nginx-flask`,
  ],
  [
    { kind: 'tool', what: 'a bare system, whose command does the work' },
    `busybox alpine debian ubuntu centos fedora ubi ubi-minimal ubi-micro ubi7 ubi8 ubi9 rockylinux almalinux archlinux
    amazonlinux oraclelinux leap tumbleweed photon curl bash git alpine-git wget netshoot network-multitool dnsutils
    jessie-dnsutils pause toolbox agnhost jq yq helm aws-cli azure-cli cloud-sdk google-cloud-cli nats-box minio/mc
    s3cmd kcat kafkacat mariadb-client postgresql-client mysql-client redis-tools`,
  ],
  [
    { kind: 'tool', what: 'the command line of Kubernetes', usesToken: true },
    'kubectl hyperkube oc k8s-kubectl',
  ],
];
