# docker buildx bake                    the images of this machine's architecture, loaded into its engine
# docker buildx bake release --push     amd64 and arm64 with SBOM and provenance, pushed to REGISTRY

variable "VERSION" {
  default = "0.1.0"
}

variable "REVISION" {
  default = "unknown"
}

# where images are pushed to, with a slash at its end; nothing for local images
variable "REGISTRY" {
  default = ""
}

# where the source of a published image is
variable "SOURCE" {
  default = null
}

# base images by digest, which the release takes from pinned-images.Dockerfile; unset, the Dockerfiles' tags hold
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
  # a registry takes no capitals, which the name of an owner may have
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
