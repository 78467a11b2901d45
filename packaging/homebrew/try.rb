# Installs a formula without Homebrew: evaluates it, downloads its archive for this machine, checks
# the checksum, and runs its `install` and `test` blocks in a clean folder.
#
#   ruby packaging/homebrew/try.rb FORMULA PREFIX
#
# Implements only what the formula uses, as described in Homebrew's Formula Cookbook. A formula that
# works here may still fail in Homebrew.
require "digest"
require "fileutils"
require "net/http"
require "pathname"
require "rbconfig"
require "shellwords"
require "tmpdir"
require "uri"

# A folder of the prefix that files can be installed into.
class Pathname
  def install(*sources)
    mkpath
    sources.flatten.each do |source|
      pairs = source.is_a?(Hash) ? source : { source => File.basename(source) }
      pairs.each { |from, to| FileUtils.mv(from.to_s, (self + to).to_s) }
    end
  end
end

class Formula
  @values = {}

  class << self
    attr_reader :values, :test_block

    def inherited(formula)
      super
      formula.instance_variable_set(:@values, {})
    end

    %i[desc homepage version license url sha256].each do |field|
      define_method(field) do |value = nil|
        raise "#{field} is set twice" if value && @values.key?(field)

        @values[field] = value if value
        @values.fetch(field)
      end
    end

    def on_macos = (yield if RbConfig::CONFIG["host_os"].start_with?("darwin"))
    def on_linux = (yield if RbConfig::CONFIG["host_os"].start_with?("linux"))
    def on_arm = (yield if RbConfig::CONFIG["host_cpu"].match?(/\A(arm64|aarch64)/))
    def on_intel = (yield if RbConfig::CONFIG["host_cpu"] == "x86_64")
    def test(&block) = (@test_block = block)
  end

  attr_reader :prefix

  def initialize(prefix) = (@prefix = Pathname(prefix))
  def version = self.class.version
  def bin = prefix + "bin"
  def man1 = prefix + "share/man/man1"
  def bash_completion = prefix + "etc/bash_completion.d"
  def zsh_completion = prefix + "share/zsh/site-functions"
  def fish_completion = prefix + "share/fish/vendor_completions.d"

  def shell_output(command)
    output = IO.popen(command, &:read)
    raise "#{command} failed: #{$?}" unless $?.success?

    puts "ok: #{command}"
    output
  end

  def assert_match(expected, text)
    raise "no #{expected.inspect} in: #{text}" unless text.match?(expected)
  end
end

formula, prefix = ARGV.map { |path| File.expand_path(path) }
load formula
type = ObjectSpace.each_object(Class).find { |candidate| candidate < Formula }
raise "the class must be OpenclawPortkey, as the file's name is" unless type.name == "OpenclawPortkey"

%i[desc homepage license].each { |field| type.public_send(field) }
bytes = Net::HTTP.get_response(URI(type.url)).tap(&:value).body
sum = Digest::SHA256.hexdigest(bytes)
abort "#{type.url} has sha256 #{sum}, not #{type.sha256}" unless sum == type.sha256

Dir.mktmpdir do |work|
  Dir.chdir(work) do
    File.binwrite("archive", bytes)
    system("tar", "-xzf", "archive", exception: true)
    File.delete("archive")
    # Homebrew enters the folder of an archive that contains only one.
    entries = Dir.children(".")
    Dir.chdir(entries.size == 1 ? entries.first : ".") { type.new(prefix).install }
  end
end
puts "ok: installed from #{type.url}"

Dir.mktmpdir do |home|
  ENV["HOME"] = home
  Dir.chdir(home) { type.new(prefix).instance_eval(&type.test_block) }
end
