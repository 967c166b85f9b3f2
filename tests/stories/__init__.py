"""Stories (故事): days of the sample station, told over the wire through the simulator."""
