# docker buildx bake                    the images of this machine's architecture, loaded into its engine
# docker buildx bake release --push     amd64 and arm64 with SBOM and provenance, pushed to REGISTRY

variable "VERSION" {
  default = "0.1.0"
}

variable "REVISION" {
  default = "unknown"
}

# registry to push to, with a slash at the end; empty for local images
variable "REGISTRY" {
  default = ""
}

# URL of the source of published images
variable "SOURCE" {
  default = null
}

# base images by digest, set by the release from pinned-images.Dockerfile; the default is the Dockerfiles' tags
variable "NODE_IMAGE" {
  default = null
}

variable "RUNTIME_IMAGE" {
  default = null
}

variable "SBOM_IMAGE" {
  default = "docker/buildkit-syft-scanner:stable-1"
}

variable "CONTAINERS" {
  default = ["log-shipper", "pod-page", "redis-ambassador", "statsd-adaptor", "wait-for", "web"]
}

group "default" {
  targets = ["image"]
}

group "release" {
  targets = ["published"]
}

target "image" {
  name       = container
  matrix     = { container = CONTAINERS }
  context    = "."
  dockerfile = "packages/${container}/Dockerfile"
  args = {
    VERSION       = VERSION
    REVISION      = REVISION
    NODE_IMAGE    = NODE_IMAGE
    RUNTIME_IMAGE = RUNTIME_IMAGE
  }
  # registries allow no capitals, but the name of an owner may have some
  tags = ["${lower(REGISTRY)}pod-patterns/${container}:${VERSION}"]
}

target "published" {
  name      = "${container}-published"
  matrix    = { container = CONTAINERS }
  inherits  = [container]
  platforms = ["linux/amd64", "linux/arm64"]
  labels    = { "org.opencontainers.image.source" = SOURCE }
  attest    = ["type=sbom,generator=${SBOM_IMAGE}", "type=provenance,mode=max"]
}
