# A Sidekiq job that records each run; `ruby jobs.rb ID...` enqueues it.
require 'sidekiq'

Sidekiq.configure_client { |config| config.redis = { url: ENV.fetch('REDIS_URL') } }
Sidekiq.configure_server { |config| config.redis = { url: ENV.fetch('REDIS_URL') } }

class Note
  include Sidekiq::Worker

  def perform(job)
    Sidekiq.redis { |connection| connection.incr("done:#{job}") }
  end
end

ARGV.each { |job| Note.perform_async(job) } if $PROGRAM_NAME == __FILE__
