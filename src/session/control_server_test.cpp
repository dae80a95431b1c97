#include "session/control_server.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <random>
#include <thread>
#include <wheatstone/control.hpp>
#include <wheatstone/error.hpp>

#include "session/control_message.hpp"
#include "session/fake_run.hpp"

namespace wheatstone::session {
namespace {
namespace fs = std::filesystem;
using namespace std::chrono_literals;

/// A folder for sockets, named by XDG_RUNTIME_DIR while this lives.
class RuntimeFolder {
 public:
  explicit RuntimeFolder(std::string_view below = {})
      : top_(fs::temp_directory_path() / ("ws-runtime-" + std::to_string(::getpid()))), path_(top_ / below) {
    fs::create_directories(path_);
    ::setenv("XDG_RUNTIME_DIR", path_.c_str(), 1);
  }
  ~RuntimeFolder() {
    ::unsetenv("XDG_RUNTIME_DIR");
    fs::remove_all(top_);
  }
  RuntimeFolder(const RuntimeFolder&) = delete;
  RuntimeFolder& operator=(const RuntimeFolder&) = delete;

  [[nodiscard]] fs::path sockets() const { return path_ / "wheatstone"; }
  [[nodiscard]] std::vector<fs::path> names() const {
    std::vector<fs::path> names;
    for (const auto& entry : fs::directory_iterator(sockets())) names.push_back(entry.path());
    return names;
  }

 private:
  fs::path top_;
  fs::path path_;
};

/// The folder of the run in progress.
fs::path folder_of(const FakeRun& run) { return fs::directory_iterator(run.request.store)->path(); }

/// A sweep whose second point lasts until `visit`, on a thread of its own, has returned.
RunResult visited(FakeRun& run, const std::function<void(const fs::path&)>& visit) {
  run.vary("v", {0, 1, 2, 3});
  std::thread visitor;
  std::atomic<bool> over{false};
  run.acquire("m", [&](const Point& point) -> Row {
    if (point.index() == 1) {
      visitor = std::thread([&] {
        visit(folder_of(run));
        over.store(true);
      });
      await([&] { return over.load(); });
    }
    return {{"x", point.index()}};
  });
  RunResult result = run.run();
  visitor.join();
  return result;
}

/// Lines to a socket, and the lines that came back until it was closed.
std::string answers_to(const fs::path& socket, std::string_view said) {
  const io::LocalSocket connection(io::connect_to(socket));
  const timeval patience{.tv_sec = 20, .tv_usec = 0};
  ::setsockopt(connection.fd(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  while (!said.empty()) {
    const ssize_t n = ::send(connection.fd(), said.data(), said.size(), MSG_NOSIGNAL);
    if (n < 0) break;  // closed by the other end
    said.remove_prefix(static_cast<std::size_t>(n));
  }
  ::shutdown(connection.fd(), SHUT_WR);
  std::string answers;
  char bytes[4096];
  for (ssize_t n; (n = ::recv(connection.fd(), bytes, sizeof bytes, 0)) > 0;) {
    answers.append(bytes, static_cast<std::size_t>(n));
  }
  return answers;
}

fs::path socket_of(const fs::path& folder) {
  return io::Document::parse(Experiment::open(folder).metadata()).text({"control", "socket"});
}

TEST(ControlSocket, tells_progress_and_carries_actions_with_who_asked) {
  const RuntimeFolder runtime;
  FakeRun run;
  std::thread later;
  const RunResult result = visited(run, [&](const fs::path& folder) {
    RemoteRun remote(folder);
    const Progress progress = remote.progress();
    EXPECT_EQ(progress.state, RunState::running);
    EXPECT_EQ(progress.done, 1u);
    EXPECT_EQ(progress.total, 4u);
    ASSERT_EQ(progress.parameters.size(), 1u);
    EXPECT_EQ(progress.parameters[0].key, "v");
    EXPECT_THROW(remote.request(Action::step), ConfigurationError);
    remote.request(Action::pause);
    later = std::thread([folder] {
      RemoteRun again(folder);
      await([&] { return again.progress().state == RunState::paused; });
      EXPECT_EQ(again.progress().done, 2u);
      again.request(Action::step);
      await([&] { return again.progress().done == 3 && again.progress().state == RunState::paused; });
      again.request(Action::stop);
    });
  });
  later.join();
  EXPECT_EQ(result.state, RunState::stopped);
  EXPECT_EQ(result.experiment->row_count(), 3u);
  std::vector<std::string> actions;
  for (const io::Document& event : events_of(*result.experiment, "control")) {
    actions.push_back(event.text({"action"}));
    EXPECT_EQ(event.text({"by"}), "process");
    EXPECT_EQ(*event.find("pid")->get_if<std::int64_t>(), ::getpid());
    EXPECT_EQ(*event.find("uid")->get_if<std::int64_t>(), ::getuid());
    EXPECT_EQ(event.text({"program"}), "session_test");
  }
  EXPECT_EQ(actions, (std::vector<std::string>{"step", "pause", "step", "stop"}));
  EXPECT_TRUE(runtime.names().empty());
  EXPECT_THROW(RemoteRun(result.experiment->folder()), ConnectionError);
}

TEST(ControlSocket, is_for_its_owner_only) {
  const RuntimeFolder runtime;
  FakeRun run;
  visited(run, [&](const fs::path& folder) {
    struct stat status{};
    ASSERT_EQ(::stat(socket_of(folder).c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600u);
    ASSERT_EQ(::stat(runtime.sockets().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0700u);
    if (::geteuid() != 0) return;
    // Another account that was handed the way there: it is let go, by what the kernel says of it.
    fs::permissions(runtime.sockets(), fs::perms::all);
    fs::permissions(socket_of(folder), fs::perms::all);
    const std::string path = socket_of(folder);
    const pid_t child = ::fork();
    if (child == 0) {
      if (::setuid(65534) != 0) ::_exit(3);
      const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
      sockaddr_un address{};
      address.sun_family = AF_UNIX;
      ::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
      if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) ::_exit(4);
      const std::string stop = control_request(Action::stop) + "\n";
      (void)!::send(fd, stop.data(), stop.size(), MSG_NOSIGNAL);
      char bytes[1000] = {};
      (void)!::recv(fd, bytes, sizeof bytes - 1, MSG_WAITALL);
      ::_exit(std::string_view(bytes).find("its owner's account only") != std::string_view::npos ? 7 : 8);
    }
    int status_of_child = 0;
    ::waitpid(child, &status_of_child, 0);
    EXPECT_EQ(WEXITSTATUS(status_of_child), 7);
    EXPECT_EQ(run.control.end(), RunControl::End::none);
  });
}

TEST(ControlSocket, answers_garbage_with_a_sentence_and_goes_on) {
  const RuntimeFolder runtime;
  FakeRun run;
  const RunResult result = visited(run, [&](const fs::path& folder) {
    const fs::path socket = socket_of(folder);
    std::mt19937 random(4);
    for (int k = 0; k < 50; ++k) {
      std::string garbage(random() % 3000, '\0');
      for (char& c : garbage) c = static_cast<char>(random());
      const std::string answers = answers_to(socket, garbage + "\n");
      EXPECT_EQ(answers.find("\"ok\":true"), std::string::npos);
      EXPECT_NE(answers.find("\"ok\":false"), std::string::npos);
    }
    EXPECT_NE(answers_to(socket, "{\"wheatstone\": 9, \"request\": \"stop\"}\n").find("version 9"), std::string::npos);
    EXPECT_NE(answers_to(socket, "{\"wheatstone\": 1, \"request\": \"dance\", \"id\": 5}\n").find("\"id\":5"),
              std::string::npos);
    EXPECT_EQ(answers_to(socket, std::string(100'000, 'x')), "");  // no line at all
    EXPECT_EQ(RemoteRun(folder).progress().state, RunState::running);
  });
  EXPECT_EQ(result.state, RunState::finished) << run.error_of(result);
  EXPECT_EQ(result.experiment->row_count(), 4u);
}

TEST(ControlSocket, is_not_held_up_by_those_who_do_not_read_or_say_nothing) {
  const RuntimeFolder runtime;
  FakeRun run;
  std::vector<std::unique_ptr<io::LocalSocket>> silent;
  const RunResult result = visited(run, [&](const fs::path& folder) {
    const fs::path socket = socket_of(folder);
    for (std::size_t k = 0; k < io::LineServer::k_most_connections + 8; ++k) {
      silent.push_back(std::make_unique<io::LocalSocket>(io::connect_to(socket)));
    }
    const io::LocalSocket flooding(io::connect_to(socket));
    const std::string line = control_request(std::nullopt) + "\n";
    for (int k = 0; k < 20'000; ++k) {  // its answers are never read, so that it is let go
      if (::send(flooding.fd(), line.data(), line.size(), MSG_NOSIGNAL | MSG_DONTWAIT) < 0 && errno != EAGAIN) break;
    }
    EXPECT_EQ(RemoteRun(folder).progress().state, RunState::running);
  });
  EXPECT_EQ(result.state, RunState::finished) << run.error_of(result);
}

TEST(ControlSocket, finds_a_shorter_place_where_a_path_is_too_long) {
  const RuntimeFolder runtime(std::string(80, 'd'));
  FakeRun run;
  visited(run, [&](const fs::path& folder) {
    const fs::path socket = socket_of(folder);
    EXPECT_LT(socket.native().size(), 108u);
    EXPECT_FALSE(socket.string().starts_with(runtime.sockets().string()));
    EXPECT_EQ(RemoteRun(folder).progress().done, 1u);
  });
}

TEST(ControlSocket, that_cannot_be_made_is_no_reason_not_to_run) {
  const RuntimeFolder runtime;
  const fs::path temporary = runtime.sockets().parent_path() / "t";
  fs::create_directories(temporary);
  fs::create_directories(runtime.sockets());
  fs::permissions(runtime.sockets(), fs::perms::all);  // anybody's
  FakeRun run;
  visited(run, [&](const fs::path& folder) {
    // /tmp serves where the first does not; what a run without any says is in its run.json.
    EXPECT_FALSE(socket_of(folder).string().starts_with(runtime.sockets().string()));
  });
}

TEST(ControlSocket, of_a_killed_process_is_removed_by_the_next_run) {
  const RuntimeFolder runtime;
  fs::create_directory(runtime.sockets());
  fs::permissions(runtime.sockets(), fs::perms::owner_all);
  const fs::path stale = runtime.sockets() / "0.sock";
  ::close(io::listen_at(stale));
  const fs::path live = runtime.sockets() / "1.sock";
  const io::LocalSocket listener(io::listen_at(live));
  FakeRun run;
  visited(run, [&](const fs::path&) { await([&] { return !fs::exists(stale); }); });
  EXPECT_EQ(runtime.names(), std::vector<fs::path>{live});
}

TEST(ControlSocket, is_not_held_open_by_a_forked_child) {
  const RuntimeFolder runtime;
  FakeRun run;
  fs::path socket;
  pid_t child = -1;
  visited(run, [&](const fs::path& folder) {
    socket = socket_of(folder);
    fs::rename(socket, runtime.sockets() / "kept");  // the run's end removes its name only
    child = ::fork();
    if (child == 0) {
      ::pause();
      ::_exit(0);
    }
  });
  EXPECT_THROW((void)io::connect_to(runtime.sockets() / "kept"), ConnectionError);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
}

}  // namespace
}  // namespace wheatstone::session
